package io.lvs4j.keepalived;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.keepalived.diagnostic.Diagnostic;
import io.lvs4j.keepalived.diagnostic.FileWords;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.diagnostic.Severity;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import io.lvs4j.keepalived.text.ConfigurationText;
import io.lvs4j.keepalived.text.PrintedConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a keepalived.conf says, in lvs4j's own nouns, ready for a director's builder.
 *
 * <pre>{@code
 * var file = Path.of("/etc/keepalived/keepalived.conf");
 * var read = KeepalivedReader.builder().schedulers(Schedulers::byName).build().read(file);
 * read.diagnostics().forEach(System.err::println);
 * var director = Director.builder();
 * read.virtualServers().forEach(director::virtualServer);
 * read.vrrpInstances().forEach(director::vrrp);
 * }</pre>
 *
 * <p>Reading is lenient, as keepalived is: a line that isn't understood is told and left out, an
 * unknown block is left out as a whole, and all others mean what they would mean without it. A
 * {@link KeepalivedReader} that is {@linkplain KeepalivedReader.Builder#strict() strict} refuses
 * the file instead.
 *
 * @param definitions what holds for the director as a whole
 * @param virtualServers the virtual servers in the order of the file
 * @param vrrpInstances the VRRP instances in the order of the file
 * @param syncGroups the sync groups in the order of the file
 * @param diagnostics what there was to say about the file
 * @param positions where virtual servers, instances and groups are, by what problems call them
 */
public record KeepalivedConfiguration(
    GlobalDefinitions definitions,
    List<VirtualServer> virtualServers,
    List<VrrpInstance> vrrpInstances,
    List<SyncGroup> syncGroups,
    List<Diagnostic> diagnostics,
    Map<String, Position> positions) {

  /** Copies the lists. */
  public KeepalivedConfiguration {
    Objects.requireNonNull(definitions, "definitions");
    virtualServers = List.copyOf(virtualServers);
    vrrpInstances = List.copyOf(vrrpInstances);
    syncGroups = List.copyOf(syncGroups);
    diagnostics = List.copyOf(diagnostics);
    positions = Map.copyOf(positions);
  }

  /** Describes a configuration that is in no file. */
  public KeepalivedConfiguration(
      GlobalDefinitions definitions,
      List<VirtualServer> virtualServers,
      List<VrrpInstance> vrrpInstances,
      List<SyncGroup> syncGroups,
      List<Diagnostic> diagnostics) {
    this(definitions, virtualServers, vrrpInstances, syncGroups, diagnostics, Map.of());
  }

  /**
   * Returns what is wrong with this configuration, found after it was read, as its author would
   * look for it: in keywords, and behind {@code file:line:column} where it is about something in a
   * file.
   */
  public Problem located(Problem problem) {
    var worded = FileWords.of(problem);
    return positions.entrySet().stream()
        .filter(each -> problem.subject().startsWith(each.getKey()))
        .filter(each -> !continues(problem.subject(), each.getKey().length()))
        .map(each -> worded.within(each.getValue().toString()))
        .findFirst()
        .orElse(worded);
  }

  /** Says whether a name goes on there: VI_1 is not VI_10. */
  private static boolean continues(String subject, int index) {
    return index < subject.length() && subject.charAt(index) != ':' && subject.charAt(index) != ' ';
  }

  /**
   * Reads a file and what it includes, with the reader's defaults. Schedulers are known by name
   * only, which is enough for a data plane in the kernel.
   *
   * @throws InvalidConfigurationException when the file can't be read
   */
  public static KeepalivedConfiguration read(Path file) {
    return KeepalivedReader.builder().build().read(file);
  }

  /** Returns the configuration of a director that was made in Java, to be written. */
  public static KeepalivedConfiguration of(
      GlobalDefinitions definitions,
      List<VirtualServer> virtualServers,
      List<VrrpInstance> vrrpInstances,
      List<SyncGroup> syncGroups) {
    return new KeepalivedConfiguration(
        definitions, virtualServers, vrrpInstances, syncGroups, List.of());
  }

  /** Returns the configuration as keepalived.conf, and what keepalived has no words for. */
  public PrintedConfiguration print() {
    return ConfigurationText.of(definitions, virtualServers, vrrpInstances, syncGroups);
  }

  /** Says whether something that was asked for is left out. */
  public boolean hasErrors() {
    return has(Severity.ERROR);
  }

  /** Says whether there is anything but notes. */
  public boolean hasWarnings() {
    return has(Severity.ERROR) || has(Severity.LEFT_OUT) || has(Severity.WARNING);
  }

  private boolean has(Severity severity) {
    return diagnostics.stream().anyMatch(diagnostic -> diagnostic.severity() == severity);
  }
}
