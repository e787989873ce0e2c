# The layers of the house: who may include what, and what is defined once.
# Reads all sources, prints each line that breaks a rule, exits 1 if there was
# one.
#
#	awk -f t/tools/layers.awk lib/*/* cmd/*

BEGIN {
	# Our own headers: the layer of the file, the layers it may include.
	may["base"] = "base"
	may["smpp"] = "smpp base"
	may["text"] = "text base"
	may["msg"] = "msg smpp text base"
	may["show"] = "show msg smpp text base"
	may["hexin"] = "hexin smpp base"
	may["net"] = "net smpp base"
	may["mc"] = "mc store net msg smpp text base"
	may["kit"] = "kit base"
	may["words"] = "words kit hexin show msg text smpp base"
	may["target"] = "target words kit net hexin show msg text smpp base"
	may["faults"] = "faults words kit hexin net show msg text smpp base"
	may["script"] = "script target words kit net hexin show msg text smpp base"
	may["journal"] = "journal target words kit net hexin show msg text smpp base"
	# A command's folder is its own; it includes no other command's.
	may["COMMAND"] = "mc script journal faults target words kit net hexin show msg text smpp base"

	# Besides main.c these may know that there are other commands.
	registry = "^(help|complete|selfcheck|init)$"

	# Foreign headers that only some files may include: both are patterns.
	only["^(string|stdint|stdbool|stddef|assert)\\.h$"] = ""
	only["^openssl/"] = "^lib/net/tls\\.c$"
	only["^iconv\\.h$"] = "^lib/text/charset\\.c$"
	only["^readline/"] = "^cmd/repl"
	only["^ini\\.h$"] = "^cmd/kit/inifile\\.c$"
	only["^getopt\\.h$"] = "^cmd/kit/opt\\.c$"
	# Reading only: writing is our own.
	only["^jansson\\.h$"] = "^lib/show/(jsonread\\.c|jsonread_int\\.h|receiptread\\.c)$"
	only["^csv\\.h$"] = "^cmd/send"
	only["^(sys/(socket|un|epoll)|netinet/.*|arpa/.*|netdb)\\.h$"] = \
	    "^(lib/net/|cmd/(main|repl|kit/(in|hook|outqueue|outserve)))"
	only["^(poll|sys/poll|signal)\\.h$"] = \
	    "^(lib/net/|cmd/(main|repl|kit/(sig|in|hook|prompt|outqueue|outserve)))"
	only["^(pthread|threads|stdatomic)\\.h$"] = \
	    "^(lib/net/(tls|resolve)\\.c|cmd/(load|smsc|proxy))"

	# Calls that only some files may make, whatever header declares them.
	calls["[^a-z_]exit *\\("] = "^cmd/main\\.c$"
	calls["[^a-z_](printf|puts|putchar|perror) *\\("] = "^cmd/"
	calls["[^a-z_](stdout|stderr)[^a-z_]"] = "^cmd/"
	calls["getopt(_long)? *\\("] = "^cmd/kit/opt\\.c$"
}

function broken(why) {
	printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0
	failed = 1
}

FNR == 1 {
	depth = split(FILENAME, part, "/")
	file = part[depth]
	if (part[depth - 1] ".c" == file)
		; # a command's entry, cmd/listen/listen.c
	else if (file in place)
		broken("also " place[file])
	else
		place[file] = FILENAME
	layer = part[2]
	own = ""
	if (part[1] == "cmd" && !(layer in may)) {
		own = layer
		layer = "COMMAND"
	}
	# main.c and registry.c know all, and smpp.h all of lib.
	top = FILENAME ~ "^(cmd/[^/]*|lib/smpp\\.h)$"
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, q, "\"")
	to = q[2]
	beside = !sub("/.*", "", to)
	if (to == "registry.h" && !top && own !~ registry)
		broken(own " may not include registry.h")
	if (!beside && !top && index(" " may[layer] " ", " " to " ") == 0)
		broken((own == "" ? layer : own) " may not include " to)
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	header = $0
	sub(/.*</, "", header)
	sub(/>.*/, "", header)
	for (pattern in only) {
		if (header !~ pattern)
			continue
		known = 1
		if (only[pattern] != "" && FILENAME !~ only[pattern])
			broken("only " only[pattern] " may include this")
	}
	if (layer == "smpp" && !known)
		broken("lib/smpp may not include this")
	known = 0
}

!/^[ \t]*(\*|\/\*|\/\/)/ {
	for (pattern in calls)
		if ((" " $0) ~ pattern && FILENAME !~ calls[pattern])
			broken("only " calls[pattern] " may call this")
}

# Names survive grep: what is defined here is defined nowhere else.
function once(kind, name) {
	if (FILENAME == home[kind, name] || home[kind, name] == "")
		home[kind, name] = FILENAME
	else
		broken("also in " home[kind, name])
}

/^(static |const |typedef )*(struct|enum|union) [a-z0-9_]+ \{/ {
	match($0, /(struct|enum|union) [a-z0-9_]+/)
	name = substr($0, RSTART, RLENGTH)
	sub(/.* /, "", name)
	once("type", name)
}

/^[a-z][a-z0-9_]*\(/ && !/;$/ {
	once("function", substr($0, 1, index($0, "(") - 1))
}

END { exit failed }
