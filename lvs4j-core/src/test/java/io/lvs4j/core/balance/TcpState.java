package io.lvs4j.core.balance;

import java.util.EnumSet;
import java.util.Set;

/**
 * The kernel's states of a TCP connection whose replies it does not see, as with direct routing,
 * and how they follow each other (kernel: tcp_states, INPUT_ONLY, in ip_vs_proto_tcp.c).
 */
enum TcpState {
  NONE,
  ESTABLISHED,
  SYN_SENT,
  SYN_RECV,
  FIN_WAIT,
  TIME_WAIT,
  CLOSE,
  CLOSE_WAIT,
  LAST_ACK,
  LISTEN,
  SYNACK;

  private static final Set<TcpState> ACTIVE = EnumSet.of(ESTABLISHED, SYN_SENT, SYN_RECV, SYNACK);

  private static final TcpState[] ON_SYN = row("SR ES ES SR SR SR SR SR SR SR SR");
  private static final TcpState[] ON_FIN = row("CL FW SS TW FW TW CL CW LA LI TW");
  private static final TcpState[] ON_ACK = row("ES ES SS ES FW TW CL CW CL LI ES");
  private static final TcpState[] ON_RST = row("CL CL CL SR CL CL CL CL LA LI CL");

  /** Returns the state after a packet from the client. */
  TcpState after(String flags) {
    TcpState[] row;
    if (flags.contains("R")) {
      row = ON_RST;
    } else if (flags.contains("S")) {
      row = ON_SYN;
    } else if (flags.contains("F")) {
      row = ON_FIN;
    } else if (flags.contains("A")) {
      row = ON_ACK;
    } else {
      return CLOSE;
    }
    return row[ordinal()];
  }

  /** Says whether the destination counts a connection in this state as active. */
  boolean active() {
    return ACTIVE.contains(this);
  }

  /** Says whether a SYN makes a new connection of an old one: sysctl conn_reuse_mode 1. */
  boolean reusable() {
    return this == TIME_WAIT || this == CLOSE;
  }

  private static TcpState[] row(String cells) {
    var names = cells.split(" ");
    var row = new TcpState[names.length];
    for (int i = 0; i < names.length; i++) {
      row[i] =
          switch (names[i]) {
            case "ES" -> ESTABLISHED;
            case "SS" -> SYN_SENT;
            case "SR" -> SYN_RECV;
            case "FW" -> FIN_WAIT;
            case "TW" -> TIME_WAIT;
            case "CL" -> CLOSE;
            case "CW" -> CLOSE_WAIT;
            case "LA" -> LAST_ACK;
            case "LI" -> LISTEN;
            default -> throw new IllegalArgumentException(names[i]);
          };
    }
    return row;
  }
}
