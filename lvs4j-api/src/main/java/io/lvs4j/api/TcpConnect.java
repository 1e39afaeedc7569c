package io.lvs4j.api;

import java.util.List;

/** keepalived's TCP_CHECK: the real server is well when it accepts a connection. */
public record TcpConnect() implements Probe {
  @Override
  public String name() {
    return "TCP_CHECK";
  }

  @Override
  public List<Problem> problems() {
    return List.of();
  }
}
