#!/usr/bin/env bats
# smpp smsc and the clients of others, in each mode, with every operation they
# have.

load ../helper

setup() {
	smpp_setup
	export NODE_SMPP=$B/node_modules/smpp
	start_smsc -j --receipt DELIVRD:0
}

# lines CLIENT MODE: what it prints, sorted: a receipt may come before or after
# the response to the next request.
lines() {
	timeout "$WAIT" "$@" | sort
}

# The two receipts of ids $1 and $2.
receipts() {
	local text=xxxxxxxxxxxxxxxxxxxx
	echo "deliver_sm 4 id:$1 sub:001 dlvrd:001 DELIVRD err:000 text:one"
	echo "deliver_sm 4 id:$2 sub:001 dlvrd:001 DELIVRD err:000 text:$text"
}

@test "npm's smpp" {
	npm() {
		lines node "$root/t/interop/smsc-npm.js" "$port" "$1"
	}
	common='bind 0 smpp|enquire_link 0|unbind 0'
	did='cancel_sm 0|query_sm 0 2|replace_sm 0'
	npm transmitter >got
	diff got - < <(tr '|' '\n' <<<"$common|$did|data_sm 0 5|payload 0 2|\
scheduled 0 3|submit_multi 0 4 1|submit_sm 0 1" | sort)
	npm receiver >got
	diff got - < <({
		tr '|' '\n' <<<"$common"
		receipts 1 2
	} | sort)
	npm transceiver >got
	diff got - < <({
		tr '|' '\n' <<<"$common|$did|data_sm 0 a|payload 0 7|\
scheduled 0 8|submit_multi 0 9 1|submit_sm 0 6"
		receipts 6 7
	} | sort)
}

@test "Net::SMPP" {
	perl -MNet::SMPP -e 1 2>/dev/null || skip "no Net::SMPP"
	net() {
		lines perl "$root/t/interop/smsc-net.pl" "$port" "$1"
	}
	net transmitter >got
	diff got - <<-'END'
	bind 0 smpp
	cancel_sm 0 
	query_sm 0 2
	submit_sm 0 1
	submit_sm 0 2
	submit_sm 0 3
	unbind 0
	END
	net receiver >got
	diff got - < <({
		echo 'bind 0 smpp'
		receipts 1 2
		echo 'unbind 0'
	} | sort)
	net transceiver >got
	diff got - < <({
		printf '%s\n' 'bind 0 smpp' 'cancel_sm 0 ' 'query_sm 0 2' \
			'submit_sm 0 4' 'submit_sm 0 5' 'submit_sm 0 6' \
			'unbind 0'
		receipts 4 5
	} | sort)
	# no PDU was taken for anything else
	run ! grep -e '"errors"' -e '"warnings"' smsc.out
}
