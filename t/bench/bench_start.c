/* From start to exit, beside /bin/true: what every call in a loop pays. */
#include <stdio.h>
#include <stdlib.h>

#include "t/bench/bench.h"

enum { BEST_OF = 400 };

int
main(void)
{
	const char *b = getenv("B");
	char smpp[4096];
	char *nothing[] = {"/bin/true", NULL};
	char *version[] = {smpp, "--version", NULL};
	char *decode[] = {
	    smpp, "decode-hex", "00000010000000150000000000000001", NULL};
	double floor;

	snprintf(smpp, sizeof(smpp), "%s/smpp", b != NULL ? b : "build");
	floor = bench_start("start /bin/true", BEST_OF, nothing);
	bench_report("start --version / true", "times",
	    bench_start("start --version", BEST_OF, version) / floor, BEST_OF,
	    "<= 4");
	bench_report("start decode-hex / true", "times",
	    bench_start("start decode-hex", BEST_OF, decode) / floor, BEST_OF,
	    "<= 4");
	return 0;
}
