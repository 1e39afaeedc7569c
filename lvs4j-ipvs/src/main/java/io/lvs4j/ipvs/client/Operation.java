package io.lvs4j.ipvs.client;

import io.lvs4j.ipvs.client.IpvsException.Kind;
import io.lvs4j.linux.kernel.Errno;

/** What a client asks of the kernel, and what its refusals mean: an errno has several meanings. */
enum Operation {
  OPEN("open IPVS"),
  GET_INFO("get info"),
  LIST_SERVICES("list services"),
  GET_SERVICE("get service"),
  ADD_SERVICE("add service"),
  SET_SERVICE("set service"),
  DELETE_SERVICE("delete service"),
  LIST_DESTINATIONS("list real servers of"),
  ADD_DESTINATION("add real server"),
  SET_DESTINATION("set real server"),
  DELETE_DESTINATION("delete real server"),
  LIST_DAEMONS("list sync daemons"),
  START_DAEMON("start sync daemon"),
  STOP_DAEMON("stop sync daemon"),
  GET_TIMEOUTS("get timeouts"),
  SET_TIMEOUTS("set timeouts"),
  ZERO("zero statistics of"),
  ZERO_ALL("zero all statistics"),
  FLUSH("flush all services");

  private final String words;

  Operation(String words) {
    this.words = words;
  }

  /** Returns {@code add service}. */
  String words() {
    return words;
  }

  Kind kind(Errno errno) {
    return switch (errno.toString()) {
      case "EPERM", "EACCES" -> Kind.NOT_PERMITTED;
      case "EEXIST" -> Kind.ALREADY_EXISTS;
      case "ENODEV" -> Kind.NO_SUCH_INTERFACE;
      case "ERANGE" -> Kind.OUT_OF_RANGE;
      case "EINVAL" -> Kind.INVALID;
      case "ENOMEM", "ENOBUFS" -> Kind.NO_MEMORY;
      case "ESRCH" ->
          this == START_DAEMON || this == STOP_DAEMON ? Kind.NO_SUCH_DAEMON : Kind.NO_SUCH_SERVICE;
      // For all others it means that the family is gone: generic netlink looks it up each time.
      case "ENOENT" ->
          switch (this) {
            case ADD_SERVICE, SET_SERVICE -> Kind.NO_SUCH_SCHEDULER;
            case SET_DESTINATION, DELETE_DESTINATION -> Kind.NO_SUCH_DESTINATION;
            default -> Kind.UNAVAILABLE;
          };
      default -> Kind.OTHER;
    };
  }
}
