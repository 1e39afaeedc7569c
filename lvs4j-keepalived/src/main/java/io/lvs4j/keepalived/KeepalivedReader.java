package io.lvs4j.keepalived;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.keepalived.diagnostic.Diagnostic;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Severity;
import io.lvs4j.keepalived.mapping.ConfigurationMapper;
import io.lvs4j.keepalived.model.KernelScheduler;
import io.lvs4j.keepalived.model.SchedulerSource;
import io.lvs4j.keepalived.syntax.ReadingLimitException;
import io.lvs4j.keepalived.syntax.SourceOptions;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.StatementTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Reads keepalived.conf. Immutable; may be used by several threads at once. */
public final class KeepalivedReader {
  private static final System.Logger LOG = System.getLogger(KeepalivedReader.class.getName());

  private final boolean strict;
  private final String configurationId;
  private final SchedulerSource schedulers;
  private final Map<String, String> environment;
  private final String user;
  private final boolean programsLookedFor;
  private final @Nullable Long seed;

  private KeepalivedReader(Builder builder) {
    this.strict = builder.strict;
    this.configurationId = builder.configurationId;
    this.schedulers = builder.schedulers;
    this.environment = Map.copyOf(builder.environment);
    this.user = builder.user;
    this.programsLookedFor = builder.programsLookedFor;
    this.seed = builder.seed;
  }

  /** Begins a reader. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a file and what it includes.
   *
   * @throws InvalidConfigurationException when the file can't be read; of a strict reader also when
   *     there is a warning or an error, with all of them
   */
  public KeepalivedConfiguration read(Path file) {
    return read(file.toString(), diagnostics -> StatementTree.read(file, options(), diagnostics));
  }

  /**
   * Reads a text.
   *
   * @param name what diagnostics call it
   * @param text the text of a keepalived.conf
   * @param directory where the files are that it includes by a relative name
   * @throws InvalidConfigurationException of a strict reader when there is a warning or an error
   */
  public KeepalivedConfiguration read(String name, String text, Path directory) {
    return read(
        name, diagnostics -> StatementTree.read(name, directory, text, options(), diagnostics));
  }

  /** What gives statements, and may fail at it. */
  @FunctionalInterface
  private interface Source {
    List<Statement> statements(Diagnostics diagnostics) throws IOException;
  }

  private KeepalivedConfiguration read(String name, Source source) {
    var diagnostics = new Diagnostics();
    List<Statement> statements;
    try {
      statements = source.statements(diagnostics);
    } catch (ReadingLimitException e) {
      throw new InvalidConfigurationException(
          List.of(
              new Problem(e.position().toString(), "too much to read", "at most " + e.limit())));
    } catch (NoSuchFileException e) {
      throw new InvalidConfigurationException(
          List.of(new Problem("keepalived.conf", name, "a file that is there")));
    } catch (IOException e) {
      throw new InvalidConfigurationException(
          List.of(
              new Problem("keepalived.conf", name, "a file that can be read: " + e.getMessage())));
    }
    var mapped =
        ConfigurationMapper.map(statements, schedulers, user, programsLookedFor, diagnostics);
    var all = diagnostics.all();
    if (strict) {
      InvalidConfigurationException.throwIfAny(
          all.stream()
              .filter(diagnostic -> diagnostic.severity() != Severity.NOTE)
              .map(Diagnostic::toProblem)
              .toList());
    }
    return new KeepalivedConfiguration(
        mapped.definitions(),
        mapped.virtualServers(),
        mapped.vrrpInstances(),
        mapped.syncGroups(),
        all,
        mapped.positions());
  }

  private SourceOptions options() {
    return new SourceOptions(
        configurationId,
        name -> Optional.ofNullable(environment.get(name)),
        seed == null ? new Random() : new Random(seed),
        Random::new);
  }

  /** Collects the settings of a reader; not safe for use by several threads at once. */
  public static final class Builder {
    private boolean strict;
    private String configurationId = hostName();
    private SchedulerSource schedulers = KernelScheduler::new;
    private Map<String, String> environment = System.getenv();
    private String user = System.getProperty("user.name", "");
    private boolean programsLookedFor = true;
    private @Nullable Long seed;

    private Builder() {}

    /** Returns the host's name up to its first dot, without asking a name server. */
    private static String hostName() {
      String name = System.getenv().getOrDefault("HOSTNAME", "");
      try {
        name = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
      } catch (IOException notLinux) {
        LOG.log(System.Logger.Level.DEBUG, "host name: from the environment", notLinux);
      }
      int dot = name.indexOf('.');
      return dot < 0 ? name : name.substring(0, dot);
    }

    /** Refuses a file about which there is any warning: for a test before it is used. */
    public Builder strict() {
      this.strict = true;
      return this;
    }

    /**
     * Sets what lines of the form {@code @id} are for: keepalived's option {@code -i}. If not set
     * it is the host's name up to its first dot.
     */
    public Builder configurationId(String id) {
      this.configurationId = Objects.requireNonNull(id, "id");
      return this;
    }

    /**
     * Sets where schedulers come from: {@code Schedulers::byName} of lvs4j-core for a data plane
     * that decides in Java. If not set they are names for one in the kernel.
     */
    public Builder schedulers(SchedulerSource schedulers) {
      this.schedulers = Objects.requireNonNull(schedulers, "schedulers");
      return this;
    }

    /** Sets what {@code ${_ENV NAME}} stands for; the process's own environment if not set. */
    public Builder environment(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
      return this;
    }

    /** Sets whom scripts run as, which is told where a file asks for another user. */
    public Builder user(String name) {
      this.user = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Reads a file that is for another host: its programs aren't looked for on this one. Otherwise
     * those that wouldn't be run are told and left out: that aren't there, that their user can't
     * execute, or that run as root and could be changed by somebody else.
     */
    public Builder forAnotherHost() {
      this.programsLookedFor = false;
      return this;
    }

    /** Makes {@code ${_RANDOM}} give the same numbers each time. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Returns the reader. */
    public KeepalivedReader build() {
      return new KeepalivedReader(this);
    }
  }
}
