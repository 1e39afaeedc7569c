package io.lvs4j.health.probe;

import io.lvs4j.api.AgentCheck;
import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.FileValue;
import io.lvs4j.api.GrpcHealth;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HttpGet;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.NamedProbe;
import io.lvs4j.api.ProcessRun;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.api.TcpConnect;
import io.lvs4j.api.UdpExchange;
import io.lvs4j.health.verdict.AgentState;
import io.lvs4j.health.verdict.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What makes the attempts of one checker for one real server, one at a time. */
public final class Prober {
  /** How many connect timeouts an attempt that connects may take in all. */
  public static final int LONGEST_IN_TIMEOUTS = 10;

  private final ProbeLoop loop;
  private final Endpoint at;
  private final HealthCheck check;

  /** Whether a call that blocks goes on, perhaps of an attempt that was given up. */
  private final AtomicBoolean calling = new AtomicBoolean();

  /** What an agent has said so far. */
  private final AtomicReference<AgentState> agentState = new AtomicReference<>(AgentState.SILENT);

  Prober(ProbeLoop loop, Endpoint target, HealthCheck check) {
    this.loop = loop;
    this.at = check.endpointOf(target);
    this.check = check;
  }

  /**
   * Begins an attempt. To be called, and cancelled, on the loop's thread.
   *
   * @param step which of the probe's steps, where it has several
   * @param done is called on the loop's thread, once, unless the attempt is cancelled before; never
   *     before this method has returned
   */
  public Cancellable attempt(int step, Consumer<Outcome> done) {
    var assignment = new Assignment(loop, check, at, done);
    var attempt =
        switch (check.probe()) {
          case TcpConnect _ -> new TcpAttempt(assignment);
          case HttpGet get -> new HttpAttempt(assignment, get, get.urls().get(step));
          case UdpExchange exchange -> new UdpAttempt(assignment, exchange);
          case DnsQuery query -> new DnsAttempt(assignment, query);
          case SmtpHello hello -> new SmtpAttempt(assignment, hello);
          case ProcessRun run -> new ProcessAttempt(assignment, run, calling);
          case IcmpEcho echo -> new PingAttempt(assignment, echo);
          case FileValue value -> new FileAttempt(assignment, value, calling);
          case AgentCheck agent -> new AgentAttempt(assignment, agent, agentState);
          case GrpcHealth health -> new GrpcAttempt(assignment, health);
          case NamedProbe probe -> new NamedAttempt(assignment, probe, calling);
        };
    loop.execute(attempt::start);
    return attempt;
  }
}
