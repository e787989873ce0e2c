/* Runs a fuzz target over files, with any compiler: what libFuzzer found, and
 * every prefix of it, since input that stops short is the commonest attack. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum {
	WHOLE_MAX = 1 << 20,
	PREFIX_MAX = 512, /* longer inputs are run whole only */
};

/* In a heap block of its exact size, so that a sanitizer sees one too far. */
static void
run(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);

	if (copy == NULL)
		exit(1);
	if (n > 0)
		memcpy(copy, p, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void
replay(const char *path)
{
	static uint8_t buf[WHOLE_MAX];
	FILE *f = fopen(path, "rb");
	size_t n, i;

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	printf("%s\n", path); /* the last line names the culprit of a crash */
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	for (i = 0; n <= PREFIX_MAX && i < n; i++)
		run(buf, i);
	run(buf, n);
}

static void
replay_dir(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	char path[4096];

	if (d == NULL) {
		perror(dir);
		exit(1);
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		replay(path);
	}
	closedir(d);
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	run(NULL, 0);
	for (int i = 1; i < argc; i++)
		replay_dir(argv[i]);
	return 0;
}
