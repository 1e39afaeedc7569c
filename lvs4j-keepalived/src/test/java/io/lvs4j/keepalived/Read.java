package io.lvs4j.keepalived;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Short ways for tests to read a text and to look at what came of it. */
final class Read {
  private Read() {}

  /** A reader that depends on nothing around it. */
  static KeepalivedReader.Builder reader() {
    return KeepalivedReader.builder()
        .configurationId("main")
        .environment(Map.of("SITE", "berlin"))
        .user("root")
        .forAnotherHost()
        .seed(42);
  }

  static KeepalivedConfiguration text(String text) {
    return reader().build().read("k.conf", text, Path.of("."));
  }

  /** What diagnostics say, each as {@code line:column: severity: text}. */
  static List<String> told(String text) {
    return told(text(text));
  }

  static List<String> told(KeepalivedConfiguration configuration) {
    return configuration.diagnostics().stream()
        .map(diagnostic -> diagnostic.toString().replaceFirst("^k\\.conf:", ""))
        .toList();
  }

  /** The only virtual server of a text. */
  static VirtualServer virtualServer(String... lines) {
    var read = text("virtual_server 10.0.0.1 80 {\n" + String.join("\n", lines) + "\n}\n");
    return read.virtualServers().getFirst();
  }

  /** The only instance of a text: eth0, virtual router 51, address 10.0.0.1, and these lines. */
  static VrrpInstance instance(String... lines) {
    return text(instanceText(lines)).vrrpInstances().getFirst();
  }

  static String instanceText(String... lines) {
    return "vrrp_instance VI_1 {\n"
        + "  interface eth0\n"
        + "  virtual_router_id 51\n"
        + "  virtual_ipaddress {\n"
        + "    10.0.0.1\n"
        + "  }\n"
        + String.join("\n", lines)
        + "\n}\n";
  }
}
