/*
 * Lets User-Mode-Linux run on processors whose register state is larger than it was built for.
 *
 * It sets the floating point registers of its processes with PTRACE_SETREGSET and NT_X86_XSTATE,
 * from a buffer of the size that it knows. The host refuses with EFAULT whatever is not exactly as
 * long as the whole state (xstateregs_set in arch/x86/kernel/fpu/regset.c), and the tiles of AMX
 * make that longer. So where the host refuses, the whole state is read, the part that
 * User-Mode-Linux has is written over its beginning, and the whole is set.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

static long (*next)(enum __ptrace_request, pid_t, void *, void *);

/* Not on the stack: those of User-Mode-Linux are small. It asks for one process at a time. */
static char state[64 * 1024];

__attribute__((constructor)) static void find_next(void) {
  next = (long (*)(enum __ptrace_request, pid_t, void *, void *))dlsym(RTLD_NEXT, "ptrace");
}

long ptrace(enum __ptrace_request request, ...) {
  va_list arguments;
  va_start(arguments, request);
  pid_t process = va_arg(arguments, pid_t);
  void *address = va_arg(arguments, void *);
  void *data = va_arg(arguments, void *);
  va_end(arguments);

  long result = next(request, process, address, data);
  if (result != -1 || errno != EFAULT || request != PTRACE_SETREGSET
      || (long)address != NT_X86_XSTATE) {
    return result;
  }
  struct iovec *part = data;
  struct iovec whole = {.iov_base = state, .iov_len = sizeof state};
  if (next(PTRACE_GETREGSET, process, address, &whole) == -1) {
    return -1;
  }
  if (part->iov_len >= whole.iov_len) {
    errno = EFAULT;
    return -1;
  }
  memcpy(state, part->iov_base, part->iov_len);
  return next(PTRACE_SETREGSET, process, address, &whole);
}
