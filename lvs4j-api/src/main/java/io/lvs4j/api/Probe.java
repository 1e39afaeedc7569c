package io.lvs4j.api;

import java.util.List;

/** What one attempt of a {@link HealthCheck} does and what it takes for a good answer. */
public sealed interface Probe
    permits TcpConnect,
        HttpGet,
        UdpExchange,
        DnsQuery,
        SmtpHello,
        ProcessRun,
        IcmpEcho,
        FileValue,
        AgentCheck,
        GrpcHealth,
        NamedProbe {
  /**
   * Returns the name that keepalived, or the field, gives this kind of checker, such as {@code
   * HTTP_GET}.
   */
  String name();

  /** Returns what is wrong with the probe's settings; empty when nothing is. */
  List<Problem> problems();
}
