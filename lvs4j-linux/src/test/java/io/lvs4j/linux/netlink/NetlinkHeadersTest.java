package io.lvs4j.linux.netlink;

import io.lvs4j.linux.CHeaders;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetlinkHeadersTest {
  @TempDir Path directory;

  @Test
  void agreeWithTheHeadersOfThisMachine() throws Exception {
    new CHeaders()
        .compare(NetlinkMessage.class, Map.of("HEADER", "sizeof(struct nlmsghdr)"))
        .compare(Link.class, Map.of("HEADER", "sizeof(struct ifinfomsg)"))
        .compare(
            InterfaceAddress.class,
            Map.of(
                "HEADER", "sizeof(struct ifaddrmsg)",
                "CACHEINFO", "sizeof(struct ifa_cacheinfo)"))
        .compare(
            Route.class,
            Map.of(
                "HEADER", "sizeof(struct rtmsg)",
                "MAIN", "RT_TABLE_MAIN",
                "UNICAST", "RTN_UNICAST",
                "ORIGIN", ""))
        .compare(Neighbour.class, Map.of("HEADER", "sizeof(struct ndmsg)"))
        .compare(
            NetlinkSocket.class,
            Map.of("BUFFER", "", "REPLY_TIMEOUT_SECONDS", "", "DUMP_ATTEMPTS", ""))
        .compare(
            RouteMonitor.class, Map.of("BUFFER", "", "RECEIVE_BUFFER", "", "DATAGRAMS_A_CALL", ""))
        .agree(directory, 40);
  }
}
