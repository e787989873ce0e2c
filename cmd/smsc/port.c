/* Who listens on a port, from what Linux tells in /proc. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smsc.h"

/*
 * The inode of the socket that listens on this port, 0 for none. State 10 is
 * TCP_LISTEN; addresses are in hexadecimal, ports too.
 */
static unsigned long
find_inode(const char *table, unsigned port)
{
	unsigned local, state;
	unsigned long inode = 0, found;
	char line[256];
	FILE *f = fopen(table, "re");

	if (f == NULL)
		return 0;
	while (inode == 0 && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line,
			" %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s "
			"%*s %*u %*u %lu",
			&local, &state, &found) == 3 &&
		    local == port && state == 10)
			inode = found;
	fclose(f);
	return inode;
}

/*
 * Whether a process holds the socket. Of other users' processes this says
 * nothing: then no owner is named.
 */
static bool
holds(const char *pid, const char *socket)
{
	char path[300], target[64];
	bool found = false;
	struct dirent *e;
	ssize_t n;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	d = opendir(path);
	if (d == NULL)
		return false;
	while (!found && (e = readdir(d)) != NULL) {
		n = readlinkat(dirfd(d), e->d_name, target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		found = strcmp(target, socket) == 0;
	}
	closedir(d);
	return found;
}

/* "smpp (pid 4711)" */
static void
port_describe(char *out, size_t n, const char *pid)
{
	char path[300], name[32] = "a process";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	f = fopen(path, "re");
	if (f != NULL && fgets(name, sizeof(name), f) != NULL)
		name[strcspn(name, "\n")] = '\0';
	if (f != NULL)
		fclose(f);
	snprintf(out, n, "%s (pid %s)", name, pid);
}

/* Only for a hint of an error message: a failure is silence. */
bool
port_owner(char *out, size_t n, unsigned port)
{
	unsigned long inode = find_inode("/proc/net/tcp", port);
	bool found = false;
	char socket[64];
	struct dirent *e;
	DIR *d;

	if (inode == 0)
		inode = find_inode("/proc/net/tcp6", port);
	d = inode == 0 ? NULL : opendir("/proc");
	if (d == NULL)
		return false;
	snprintf(socket, sizeof(socket), "socket:[%lu]", inode);
	while (!found && (e = readdir(d)) != NULL) {
		found = e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
			holds(e->d_name, socket);
		if (found)
			port_describe(out, n, e->d_name);
	}
	closedir(d);
	return found;
}
