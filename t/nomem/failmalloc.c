/* Preloaded: makes the n-th allocation of a process fail, n from FAIL_AT. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own entry points, which these replace. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *p, size_t n);

static int
fails(void)
{
	static long left = -1;

	if (left < 0)
		left = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : 0;
	if (left == 0 || --left > 0)
		return 0;
	errno = ENOMEM;
	if (write(STDERR_FILENO, "failmalloc\n", 11) != 11)
		_exit(99);
	return 1;
}

void *
malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t count, size_t n)
{
	return fails() ? NULL : __libc_calloc(count, n);
}

void *
realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}
