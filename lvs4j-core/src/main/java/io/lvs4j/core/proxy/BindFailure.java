package io.lvs4j.core.proxy;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServerId;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors.NativeIoException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/** Says why an address can't be served and what would help. */
final class BindFailure {
  private static final int EACCES = 13;
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;
  private static final int EADDRINUSE = 98;
  private static final int EADDRNOTAVAIL = 99;

  private BindFailure() {}

  static StartException of(VirtualServerId.Address id, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ChannelException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new StartException(List.of(problem(id, cause)));
  }

  /** Returns whether it is a privilege that is missing. */
  static boolean isPrivilege(Throwable failure) {
    return errno(failure) == EACCES;
  }

  /** Returns whether it is a privilege that is missing, or a port that somebody has. */
  static boolean isLasting(Throwable failure) {
    return isPrivilege(failure) || errno(failure) == EADDRINUSE;
  }

  private static Problem problem(VirtualServerId.Address id, Throwable cause) {
    String subject = "bind " + id;
    String address = Endpoint.literal(id.endpoint().address());
    String tool =
        switch (id.protocol()) {
          case TCP -> "ss -ltnp";
          case UDP -> "ss -lunp";
        };
    return switch (errno(cause)) {
      case EADDRINUSE ->
          new Problem(
              subject,
              "EADDRINUSE, address in use",
              "a port that nobody else serves; " + tool + " tells who does");
      case EACCES ->
          new Problem(
              subject,
              "EACCES, privileged port",
              "CAP_NET_BIND_SERVICE, or sysctl net.ipv4.ip_unprivileged_port_start at most "
                  + id.endpoint().port());
      case EADDRNOTAVAIL ->
          new Problem(
              subject,
              "EADDRNOTAVAIL, address not on this host",
              "an address of this host; ip address show tells them, ip address add "
                  + address
                  + " adds this one");
      case EMFILE, ENFILE ->
          new Problem(
              subject,
              "EMFILE, no descriptor left",
              "more descriptors, by ulimit -n, LimitNOFILE= or sysctl fs.file-max");
      default ->
          new Problem(
              subject,
              Objects.requireNonNullElse(cause.getMessage(), cause.toString()),
              "an address and port that can be bound");
    };
  }

  /** Returns the errno, which Java NIO only tells in the C library's words; 0 if there is none. */
  private static int errno(Throwable cause) {
    if (cause instanceof NativeIoException known) {
      return -known.expectedErr();
    }
    String words = Objects.requireNonNullElse(cause.getMessage(), "");
    if (words.contains("already in use")) {
      return EADDRINUSE;
    }
    if (words.contains("ermission denied")) {
      return EACCES;
    }
    if (words.contains("open files")) {
      return EMFILE;
    }
    return words.contains("assign requested address") ? EADDRNOTAVAIL : 0;
  }
}
