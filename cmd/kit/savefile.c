/* Files of the user's configuration, written all or nothing. */
#include "savefile.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
savefile_fail(struct ctx *c, const char *path)
{
	return out_errno(c, SMPP_EXIT_LOCAL, "output", path);
}

/*
 * Makes the directories that path goes through. 0700: profiles lead to
 * secrets. From the root on, what exists is passed.
 */
static int
make_dirs(struct ctx *c, const char *path)
{
	char *dir = cmd_printf(c, "%s", path), *slash = dir;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(dir, 0700) != 0 && errno != EEXIST)
			return savefile_fail(c, dir);
		*slash = '/';
	}
	return 0;
}

/*
 * On the disk before the new name replaces the old one: after a crash there is
 * the old file or the new one, never an empty one.
 */
static int
savefile_write_all(int fd, const char *p, size_t n)
{
	ssize_t got;

	for (; n > 0; p += got, n -= (size_t)got) {
		do
			got = write(fd, p, n);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return -1;
	}
	return fsync(fd);
}

int
store_file(struct ctx *c, const char *path, const char *text, size_t n)
{
	char real[PATH_MAX];
	char *temp;
	int fd, rc = 0;

	/*
	 * A symbolic link, to a folder that is kept under version control,
	 * stays one: what it points to is replaced.
	 */
	if (realpath(path, real) != NULL)
		path = real;
	else if ((rc = make_dirs(c, path)) != 0)
		return rc;
	/*
	 * In the same folder, since rename() does not cross file systems.
	 * mkstemp makes it 0600.
	 */
	temp = cmd_printf(c, "%s.XXXXXX", path);
	fd = mkstemp(temp);
	if (fd < 0)
		return savefile_fail(c, path);
	if (savefile_write_all(fd, text, n) != 0 || rename(temp, path) != 0) {
		rc = savefile_fail(c, path);
		unlink(temp);
	}
	close(fd);
	return rc;
}
