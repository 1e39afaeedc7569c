package io.lvs4j.core.proxy;

/** How a connection ended, in the words of its JFR event. */
enum Ending {
  CLOSED("closed"),
  RESET_BY_CLIENT("reset by client"),
  RESET_BY_SERVER("reset by server"),
  IDLE_TIMEOUT("idle timeout"),
  HALF_CLOSED_TIMEOUT("half-closed timeout"),
  REFUSED("refused: no server"),
  REFUSED_BY_SERVER("refused by server"),
  SERVER_REMOVED("server removed"),
  CONNECT_FAILED("connect failed"),
  BAD_PROXY_HEADER("bad PROXY header"),
  NO_PROXY_HEADER("no PROXY header in time"),
  CLOSED_BY_DIRECTOR("closed by director"),
  ADDRESS_LOST("virtual address lost"),
  LEADS_BACK("leads back to the director"),
  NO_MEMORY("no memory for a peer that doesn't read"),
  DISPLACED("gave way to a newer session"),
  FAULT("fault");

  private final String words;

  Ending(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
