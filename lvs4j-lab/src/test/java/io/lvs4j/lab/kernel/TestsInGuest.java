package io.lvs4j.lab.kernel;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.nio.file.Path;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program that runs inside the guest: all tests of {@code io.lvs4j.lab.ipvs} in classes named
 * {@code ...InKernel}, or those that were asked for, one after another.
 */
final class TestsInGuest {
  private TestsInGuest() {}

  /** Takes the file of the journal and what to run, as {@link Selection} words it. */
  public static void main(String[] arguments) {
    var selection = new Selection(arguments[1]);
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage("io.lvs4j.lab.ipvs"))
            .filters(ClassNameFilter.includeClassNamePatterns(".*InKernel"), only(selection))
            .configurationParameter("junit.jupiter.execution.timeout.default", "90 s")
            .configurationParameter("junit.jupiter.execution.timeout.threaddump.enabled", "true")
            .build();
    var listener = new JournalListener(new Journal(Path.of(arguments[0])));
    LauncherFactory.create().execute(request, listener);
    // Threads that a failed test has left must not keep the guest.
    Runtime.getRuntime().exit(0);
  }

  private static PostDiscoveryFilter only(Selection selection) {
    return (TestDescriptor test) ->
        test.getSource()
            .filter(MethodSource.class::isInstance)
            .map(MethodSource.class::cast)
            .map(source ->
                FilterResult.includedIf(
                    selection.includes(
                        source.getJavaClass().getSimpleName(), source.getMethodName())))
            .orElse(FilterResult.included("not a method"));
  }
}
