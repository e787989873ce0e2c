# The floors of the house, as the linker sees them: no two folders need each
# other, nor do more of them in a circle. In cmd only main.c and registry.c,
# which know all commands, lie in no folder, and stand above. Reads what nm
# says of all objects, prints each arrow of a circle, exits 1 if there is one.
#
#	nm -A build/*/*/*.o | awk -v build=build/ -f t/tools/circles.awk

# build/lib/net/conn.o:0000000000000120 T smpp_conn_open; U has no number.
{
	object = $1
	sub(/\.o:.*/, "", object)
	object = substr(object, length(build) + 1)
	folder = object
	sub(/\/[^\/]*$/, "", folder)
	if (folder == "cmd" && object != "cmd/main" && object != "cmd/registry" &&
	    !(object in flat)) {
		print object ".c lies in no folder"
		flat[object] = failed = 1
	}
	if (folder == "cmd")
		next
	if ($(NF - 1) == "U") {
		n++
		user[n] = object
		wants[n] = $NF
	} else if ($(NF - 1) ~ /^[TDRBVWC]$/) {
		home[$NF] = object
	}
}

function folder_of(object) {
	sub(/\/[^\/]*$/, "", object)
	return object
}

END {
	for (i = 1; i <= n; i++) {
		if (!(wants[i] in home))
			continue
		from = folder_of(user[i])
		to = folder_of(home[wants[i]])
		if (from == to || (from, to) in why)
			continue
		why[from, to] = user[i] ".c uses " wants[i] " of " \
		    home[wants[i]] ".c"
		folders[from] = folders[to] = 1
	}
	for (arrow in why)
		reach[arrow] = 1
	for (via in folders)
		for (from in folders)
			for (to in folders)
				if ((from, via) in reach && (via, to) in reach)
					reach[from, to] = 1
	for (arrow in why) {
		split(arrow, end, SUBSEP)
		if ((end[2], end[1]) in reach) {
			print "a circle: " why[arrow]
			failed = 1
		}
	}
	exit failed
}
