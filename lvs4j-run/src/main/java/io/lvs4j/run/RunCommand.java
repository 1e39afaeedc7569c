package io.lvs4j.run;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.LvsException;
import io.lvs4j.api.StartException;
import io.lvs4j.core.Director;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import io.lvs4j.keepalived.diagnostic.Diagnostic;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import io.lvs4j.run.admin.AdminServer;
import io.lvs4j.run.signal.EventLines;
import io.lvs4j.run.signal.ProcessSignals;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code lvs4j run}: a director from a keepalived.conf, until a signal ends it.
 *
 * <p>The first line on standard error is {@code lvs4j ready}, written when everything listens; what
 * there was to say before comes after it.
 */
final class RunCommand {
  private static final String RELOAD = "HUP";

  private final RunArguments arguments;
  private final PrintStream out;
  private final EventLines lines;
  private final ConfigurationFile file;

  /** What the file says; nothing until it is read. */
  private KeepalivedConfiguration read =
      KeepalivedConfiguration.of(GlobalDefinitions.NONE, List.of(), List.of(), List.of());

  RunCommand(RunArguments arguments, PrintStream out, EventLines lines) {
    this.arguments = arguments;
    this.out = out;
    this.lines = lines;
    this.file =
        new ConfigurationFile(
            arguments.file(),
            arguments.strict(),
            arguments.vrrpOnly(),
            arguments.configurationId());
  }

  ExitStatus run() throws InterruptedException {
    try {
      return arguments.check() ? check() : serve();
    } catch (InvalidConfigurationException wrong) {
      tell(wrong);
      return arguments.check() ? ExitStatus.FAILED : ExitStatus.MISUSED;
    } catch (StartException refused) {
      tell(refused);
      return arguments.check() ? ExitStatus.FAILED : ExitStatus.HOST_LACKS;
    } finally {
      lines.release();
    }
  }

  private void tell(LvsException refused) {
    refused
        .problems()
        .forEach(problem -> lines.tell(Level.ERROR, read.located(problem).toString()));
  }

  private void tell(Diagnostic diagnostic) {
    var level =
        switch (diagnostic.severity()) {
          case ERROR -> Level.ERROR;
          case WARNING, LEFT_OUT -> Level.WARNING;
          case NOTE -> Level.INFO;
        };
    lines.tell(level, words(diagnostic));
  }

  /** What a diagnostic says, without how grave it is: the line begins with that. */
  static String words(Diagnostic diagnostic) {
    return diagnostic.position()
        + ": "
        + diagnostic.text()
        + diagnostic.suggestion().map(meant -> " (did you mean " + meant + "?)").orElse("");
  }

  private ExitStatus check() throws InterruptedException {
    var reading = Reading.begin(file, new LinkedBlockingQueue<>());
    reading.await();
    var configuration = accepted(reading);
    boolean complete = !configuration.hasErrors();
    try (var opening = PlaneOpening.asked(arguments.plane(), configuration)) {
      tell(opening, configuration);
      var servable = servable(configuration, opening);
      complete &= servable.leftOut().isEmpty();
      configuration = servable.configuration();
      try (var director = director(configuration, opening)) {
        var missing = director.missingPrivileges();
        if (!missing.isEmpty()) {
          throw new StartException(missing);
        }
      }
    }
    out.println(
        file
            + (!complete
                ? ": would not run as it is meant; without what the errors are about: "
                : ": would run: ")
            + count(configuration.vrrpInstances().size(), "VRRP instance")
            + ", "
            + count(configuration.virtualServers().size(), "virtual server"));
    return complete ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private void tell(PlaneOpening opening, KeepalivedConfiguration configuration) {
    if (!configuration.virtualServers().isEmpty()) {
      lines.tell(Level.INFO, "data plane " + opening.plane().name() + ": " + opening.reason());
    }
  }

  /**
   * Leaves out what this host can't serve, as keepalived does, and says so; refuses all of it when
   * that was asked for, or nothing is left.
   */
  private Servable servable(KeepalivedConfiguration configuration, PlaneOpening opening) {
    var servable = Servable.of(configuration, opening.plane());
    if (!servable.leftOut().isEmpty()
        && (arguments.strict() || !file.emptiness(servable.configuration()).isEmpty())) {
      throw new StartException(servable.problems());
    }
    servable
        .problems()
        .forEach(problem ->
            lines.tell(Level.ERROR, read.located(problem) + "; the virtual server is left out"));
    return servable;
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private KeepalivedConfiguration accepted(Reading reading) {
    var configuration = reading.configuration();
    read = configuration;
    configuration.diagnostics().forEach(this::tell);
    InvalidConfigurationException.throwIfAny(file.emptiness(configuration));
    return configuration;
  }

  private ExitStatus serve() throws InterruptedException {
    var signals = new LinkedBlockingQueue<String>();
    ProcessSignals.listen(List.of("TERM", "INT", RELOAD), signals::add);
    var reading = Reading.begin(file, signals);
    if (!isRead(reading, signals)) {
      lines.tell(Level.INFO, "left");
      return ExitStatus.DONE;
    }
    var configuration = accepted(reading);
    var opening = PlaneOpening.of(arguments.plane(), configuration);
    tell(opening, configuration);
    Servable servable;
    Director director;
    try {
      servable = servable(configuration, opening);
      director = director(servable.configuration(), opening);
    } catch (RuntimeException refused) {
      opening.plane().close();
      throw refused;
    }
    // Whatever can be refused is had before anything is taken over that serves already.
    try (director;
        var listener = listener()) {
      director.start();
      lines.open("lvs4j ready");
      if (listener != null) {
        listener.show(director);
        lines.tell(Level.INFO, "admin at " + listener.url());
      }
      follow(signals, new RunningDirector(director, file, servable, opening.plane(), lines));
      lines.tell(Level.INFO, "leaving");
      leave(signals, director);
    }
    new FlushInTheEnd(configuration, opening.plane().name()).run();
    lines.tell(Level.INFO, "left");
    return ExitStatus.DONE;
  }

  private static Director director(KeepalivedConfiguration configuration, PlaneOpening opening) {
    var builder = Director.builder().dataPlane(opening.plane());
    configuration.virtualServers().forEach(builder::virtualServer);
    configuration.vrrpInstances().forEach(builder::vrrp);
    configuration.syncGroups().forEach(builder::syncGroup);
    return builder.build();
  }

  private @Nullable AdminServer listener() {
    return arguments
        .admin()
        .map(address -> AdminServer.listen(address, arguments.adminHosts()))
        .orElse(null);
  }

  /** Reads the configuration again at each SIGHUP, until another signal comes. */
  private void follow(LinkedBlockingQueue<String> signals, RunningDirector running)
      throws InterruptedException {
    for (var next = signals.take(); !isEnd(next); next = signals.take()) {
      if (next.equals(RELOAD)) {
        var reading = Reading.begin(file, signals);
        if (!isRead(reading, signals)) {
          return;
        }
        running.reload(reading);
      }
    }
  }

  private static boolean isEnd(String signal) {
    return !signal.equals(RELOAD) && !signal.equals(Reading.OVER);
  }

  /** Waits until the configuration is read; a signal to end that comes first is an answer too. */
  private static boolean isRead(Reading reading, LinkedBlockingQueue<String> signals)
      throws InterruptedException {
    boolean again = false;
    while (!reading.isOver()) {
      var next = signals.poll(reading.left().toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        reading.giveUp();
      } else if (isEnd(next)) {
        return false;
      } else {
        again |= next.equals(RELOAD);
      }
    }
    // The file may have changed after it was read.
    return !again || signals.offer(RELOAD);
  }

  /** A further signal to end is one to end at once. */
  private void leave(LinkedBlockingQueue<String> signals, Director director)
      throws InterruptedException {
    var leaving =
        Thread.ofPlatform()
            .name("lvs4j-leaving")
            .start(() -> {
              try {
                int cut = director.shutdown(arguments.drain());
                if (cut > 0) {
                  lines.tell(Level.WARNING, cut + " connections were cut after " + text());
                }
              } catch (InterruptedException hurried) {
                lines.tell(Level.WARNING, "open connections were cut: a second signal");
              }
            });
    var hurry =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                var next = signals.take();
                while (!isEnd(next)) {
                  next = signals.take();
                }
                leaving.interrupt();
              } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
              }
            });
    leaving.join();
    hurry.interrupt();
  }

  private String text() {
    return arguments.drain().toSeconds() + " s";
  }
}
