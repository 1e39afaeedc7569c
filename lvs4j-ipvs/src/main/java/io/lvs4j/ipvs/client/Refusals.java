package io.lvs4j.ipvs.client;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.ipvs.client.IpvsException.Kind;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Privileges;
import io.lvs4j.linux.kernel.SystemCallException;
import java.io.IOException;
import java.util.Optional;

/** Makes typed refusals of errnos, with what would help. */
final class Refusals {
  private static final String MODULE =
      "this kernel has no IPVS loaded and found none to load; modprobe ip_vs as root of the host,"
          + " in the kernel's own modules (linux-modules-extra on some distributions); a kernel"
          + " built without CONFIG_IP_VS has none, and there another data plane must serve";

  private Refusals() {}

  static IpvsException of(Task task, HostNetworkException why) {
    if (!(why instanceof SystemCallException refused)) {
      return new IpvsException(
          Kind.NO_ANSWER,
          task.operation().words(),
          task.subject(),
          Optional.empty(),
          String.valueOf(why.getMessage()),
          why);
    }
    var kind = task.operation().kind(refused.errno());
    String remedy = remedy(kind, task);
    String said =
        refused
            .kernelSays()
            .map(words -> "the kernel says: " + words + (remedy.isEmpty() ? "" : "; "))
            .orElse("");
    return new IpvsException(
        kind,
        task.operation().words(),
        task.subject(),
        Optional.of(refused.errno()),
        said + remedy,
        refused);
  }

  private static String remedy(Kind kind, Task task) {
    return switch (kind) {
      case UNAVAILABLE -> MODULE;
      case NOT_PERMITTED -> privilege();
      case ALREADY_EXISTS ->
          switch (task.operation()) {
            case START_DAEMON -> "one of that role runs already; stop it first";
            default -> "there is one already; set it, or delete it first";
          };
      case NO_SUCH_SERVICE -> "there is no such service; add it first";
      case NO_SUCH_DESTINATION -> "the service has no such real server; add it first";
      case NO_SUCH_SCHEDULER -> modules(task);
      case NO_SUCH_INTERFACE -> "no such interface in this network namespace";
      case NO_SUCH_DAEMON -> "none of that role runs";
      case OUT_OF_RANGE ->
          "the weight must not be negative, nor the lower threshold above the upper one";
      case INVALID -> invalid(task.operation());
      case NO_MEMORY -> "the kernel is short of memory";
      case OTHER, NO_ANSWER -> "";
    };
  }

  private static String invalid(Operation operation) {
    return switch (operation) {
      case ADD_SERVICE, SET_SERVICE ->
          "an IPv6 prefix for persistence is 1-128 bits, and the scheduler mh takes no more real"
              + " servers than its table has places";
      case ADD_DESTINATION, SET_DESTINATION ->
          "the address must be a unicast one of the service's family, or of the other by a tunnel"
              + " and without a sync daemon; a gue tunnel needs a port; a threshold is at most"
              + " 2147483647";
      case START_DAEMON ->
          "the group must be a multicast address, an IPv6 one on an interface that has such an"
              + " address; no real server may be of another family than its service";
      case SET_TIMEOUTS -> "a timeout is at most 2147483647 s divided by the kernel's HZ";
      default -> "";
    };
  }

  private static String modules(Task task) {
    return task.algorithms()
        .map(service -> {
          String scheduler = service.scheduler().name();
          String module = "modprobe ip_vs_" + scheduler;
          return service
              .persistenceEngine()
              .map(engine ->
                  "this kernel has no scheduler "
                      + scheduler
                      + " or no persistence engine "
                      + engine
                      + "; "
                      + module
                      + " ip_vs_pe_"
                      + engine
                      + ", or choose another")
              .orElse(
                  "this kernel has no scheduler "
                      + scheduler
                      + "; "
                      + module
                      + ", or choose another");
        })
        .orElse("");
  }

  private static String privilege() {
    String needed = "needs " + Capability.NET_ADMIN + " in the initial user namespace";
    try {
      var privileges = Privileges.current();
      if (!privileges.inInitialUserNamespace()) {
        return needed
            + "; this process is in another one, as in a rootless container, where not even root"
            + " has it: run it in the host's user namespace";
      }
      return privileges.effective().contains(Capability.NET_ADMIN)
          ? needed + "; this process has it, so a security module refuses"
          : needed
              + ": run as root, give it to the service (AmbientCapabilities=CAP_NET_ADMIN) or to the"
              + " container (--cap-add NET_ADMIN)";
    } catch (IOException unknown) {
      return needed + "; " + unknown.getMessage();
    }
  }
}
