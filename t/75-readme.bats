# The README's examples run, all of them, against the SMSC of the examples.
load helper

@test "the examples of README.md" {
	start_smsc --receipt DELIVRD:0
	printf '\0\0\0\020\0\0\0\025\0\0\0\0\0\0\0\01' >capture.bin
	printf 'phone,name\n4917,Ann\n4918,Bob\n' >customers.csv
	jq -r .input "$root/t/receipts/corpus.jsonl" >smpp.log
	awk '/^## / { here = /^## Examples/ }
		here && /^```sh/ { block = 1; next }
		/^```/ { block = 0 }
		block && !/smpp smsc/' "$root/README.md" |
		sed "s/localhost/127.0.0.1:$port/g" >examples.sh
	[ "$(grep -c -E "^(smpp|od|id=|printf)" examples.sh)" -eq 12 ]
	run bash -eux -o pipefail examples.sh
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *arrived* ]]
}
