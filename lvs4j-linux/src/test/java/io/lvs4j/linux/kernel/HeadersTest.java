package io.lvs4j.linux.kernel;

import io.lvs4j.linux.CHeaders;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadersTest {
  private static final Map<String, String> LAYOUTS =
      Map.ofEntries(
          Map.entry("SOCKADDR_STORAGE", "sizeof(struct sockaddr_storage)"),
          Map.entry("SOCKADDR_IN", "sizeof(struct sockaddr_in)"),
          Map.entry("SOCKADDR_IN6", "sizeof(struct sockaddr_in6)"),
          Map.entry("SOCKADDR_LL", "sizeof(struct sockaddr_ll)"),
          Map.entry("SOCKADDR_NL", "sizeof(struct sockaddr_nl)"),
          Map.entry("IP_MREQN", "sizeof(struct ip_mreqn)"),
          Map.entry("IPV6_MREQ", "sizeof(struct ipv6_mreq)"),
          Map.entry("IFREQ", "sizeof(struct ifreq)"),
          Map.entry("IFREQ_FLAGS", "offsetof(struct ifreq, ifr_flags)"),
          Map.entry("IFNAMSIZ", "IFNAMSIZ"),
          Map.entry("CMSGHDR", "sizeof(struct cmsghdr)"),
          Map.entry("CMSGHDR_LEVEL", "offsetof(struct cmsghdr, cmsg_level)"),
          Map.entry("CMSGHDR_TYPE", "offsetof(struct cmsghdr, cmsg_type)"),
          Map.entry("TIMEVAL", "sizeof(struct timeval)"),
          Map.entry("MSGHDR", "sizeof(struct msghdr)"),
          Map.entry("MSGHDR_NAME", "offsetof(struct msghdr, msg_name)"),
          Map.entry("MSGHDR_NAMELEN", "offsetof(struct msghdr, msg_namelen)"),
          Map.entry("MSGHDR_IOV", "offsetof(struct msghdr, msg_iov)"),
          Map.entry("MSGHDR_IOVLEN", "offsetof(struct msghdr, msg_iovlen)"),
          Map.entry("MSGHDR_CONTROL", "offsetof(struct msghdr, msg_control)"),
          Map.entry("MSGHDR_CONTROLLEN", "offsetof(struct msghdr, msg_controllen)"),
          Map.entry("MSGHDR_FLAGS", "offsetof(struct msghdr, msg_flags)"),
          Map.entry("IOVEC", "sizeof(struct iovec)"),
          Map.entry("IOVEC_LEN", "offsetof(struct iovec, iov_len)"),
          Map.entry("POLLFD", "sizeof(struct pollfd)"),
          Map.entry("POLLFD_EVENTS", "offsetof(struct pollfd, events)"),
          Map.entry("POLLFD_REVENTS", "offsetof(struct pollfd, revents)"),
          Map.entry("TIMESPEC", "sizeof(struct timespec)"),
          Map.entry("TIMESPEC_NANOS", "offsetof(struct timespec, tv_nsec)"),
          Map.entry("SOCK_FPROG", "sizeof(struct sock_fprog)"),
          Map.entry("SOCK_FPROG_FILTER", "offsetof(struct sock_fprog, filter)"),
          Map.entry("SOCK_FILTER", "sizeof(struct sock_filter)"));

  @TempDir Path directory;

  @Test
  void agreeWithTheHeadersOfThisMachine() throws Exception {
    new CHeaders()
        .compare(SocketConstants.class, Map.of())
        .compare(Layouts.class, LAYOUTS)
        .agree(directory, 79);
  }
}
