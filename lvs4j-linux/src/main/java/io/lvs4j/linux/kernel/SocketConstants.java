package io.lvs4j.linux.kernel;

/**
 * The numbers of {@code <sys/socket.h>}, {@code <netinet/in.h>} and their kin, under their own
 * names. They are the same on x86-64 and on aarch64; a test compares each with the headers.
 */
public final class SocketConstants {
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;
  public static final int AF_PACKET = 17;

  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_NONBLOCK = 0x800;
  public static final int SOCK_CLOEXEC = 0x80000;

  public static final int IPPROTO_ICMP = 1;
  public static final int IPPROTO_ICMPV6 = 58;
  public static final int IPPROTO_RAW = 255;
  public static final int ETH_P_ARP = 0x0806;
  public static final int ETH_P_IPV6 = 0x86dd;

  public static final int SOL_SOCKET = 1;
  public static final int SO_RCVBUF = 8;
  public static final int SO_PRIORITY = 12;
  public static final int SO_RCVTIMEO = 20;
  public static final int SO_BINDTODEVICE = 25;
  public static final int SO_TIMESTAMPNS = 35;
  public static final int SO_MARK = 36;
  public static final int SO_ATTACH_FILTER = 26;
  public static final int SO_RCVBUFFORCE = 33;

  public static final int IPPROTO_IP = 0;
  public static final int IP_MULTICAST_IF = 32;
  public static final int IP_MULTICAST_LOOP = 34;
  public static final int IP_ADD_MEMBERSHIP = 35;
  public static final int IP_MULTICAST_ALL = 49;

  public static final int IPPROTO_IPV6 = 41;
  public static final int IPV6_UNICAST_HOPS = 16;
  public static final int IPV6_MULTICAST_IF = 17;
  public static final int IPV6_MULTICAST_HOPS = 18;
  public static final int IPV6_MULTICAST_LOOP = 19;
  public static final int IPV6_ADD_MEMBERSHIP = 20;
  public static final int IPV6_MULTICAST_ALL = 29;
  public static final int IPV6_RECVPKTINFO = 49;
  public static final int IPV6_PKTINFO = 50;
  public static final int IPV6_RECVHOPLIMIT = 51;
  public static final int IPV6_HOPLIMIT = 52;
  public static final int IPV6_TCLASS = 67;

  public static final int SOL_NETLINK = 270;
  public static final int NETLINK_CAP_ACK = 10;
  public static final int NETLINK_EXT_ACK = 11;

  public static final int SCHED_OTHER = 0;
  public static final int SCHED_RESET_ON_FORK = 0x40000000;

  public static final int MSG_DONTROUTE = 0x4;
  public static final int MSG_TRUNC = 0x20;
  public static final int MSG_DONTWAIT = 0x40;

  public static final int O_RDONLY = 0;
  public static final int O_RDWR = 2;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int EFD_NONBLOCK = 0x800;
  public static final int EFD_CLOEXEC = 0x80000;
  public static final int CLONE_NEWNET = 0x40000000;

  public static final int TUNSETIFF = 0x400454ca;
  public static final int IFF_TUN = 0x1;
  public static final int IFF_NO_PI = 0x1000;

  static final int POLLIN = 0x1;

  private SocketConstants() {}
}
