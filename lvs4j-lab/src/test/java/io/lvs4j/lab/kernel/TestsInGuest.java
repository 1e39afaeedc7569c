package io.lvs4j.lab.kernel;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program that runs inside a guest: all tests of {@code io.lvs4j.lab.ipvs} in classes named
 * {@code ...InKernel}, or those that were asked for, one after another, but for the classes that
 * another guest was faster to take. Those that take long have an {@link Order}, so that they are
 * not begun last.
 */
final class TestsInGuest {
  private TestsInGuest() {}

  /** Takes the journal, the directory of turns and what to run, as {@link Selection} words it. */
  public static void main(String[] arguments) {
    var listener = new JournalListener(new Journal(Path.of(arguments[0])));
    var turns = new Turns(Path.of(arguments[1]));
    var selection = new Selection(arguments[2]);
    var launcher = LauncherFactory.create();
    for (var tests : classes(launcher, selection)) {
      if (turns.take(tests)) {
        launcher.execute(request(selectClass(tests), selection), listener);
      }
    }
    // Threads that a failed test has left must not keep the guest.
    Runtime.getRuntime().exit(0);
  }

  /** Names the tests that a guest would run, as far as that is known without running them. */
  static List<String> names(Selection selection) {
    var launcher = LauncherFactory.create();
    return packages()
        .map(tests -> launcher.discover(request(selectPackage(tests), selection)))
        .flatMap(
            plan -> plan.getRoots().stream().flatMap(root -> plan.getDescendants(root).stream()))
        .flatMap(found -> found.getSource().stream())
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(method -> method.getJavaClass().getSimpleName() + "." + method.getMethodName())
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<String> packages() {
    return Stream.of("io.lvs4j.lab.ipvs", "io.lvs4j.lab.seeds");
  }

  private static List<? extends Class<?>> classes(Launcher launcher, Selection selection) {
    return packages()
        .map(tests -> launcher.discover(request(selectPackage(tests), selection)))
        .flatMap(plan -> classes(plan))
        .sorted(
            Comparator.<Class<?>>comparingInt(TestsInGuest::order)
                .thenComparing(Class::getSimpleName))
        .toList();
  }

  private static Stream<? extends Class<?>> classes(TestPlan plan) {
    return plan.getRoots().stream()
        .flatMap(root -> plan.getDescendants(root).stream())
        .flatMap(found -> found.getSource().stream())
        .filter(ClassSource.class::isInstance)
        .map(source -> ((ClassSource) source).getJavaClass());
  }

  private static int order(Class<?> tests) {
    var order = tests.getAnnotation(Order.class);
    return order == null ? Order.DEFAULT : order.value();
  }

  private static LauncherDiscoveryRequest request(DiscoverySelector where, Selection selection) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(where)
        .filters(ClassNameFilter.includeClassNamePatterns(".*InKernel"), only(selection))
        .configurationParameter("junit.jupiter.execution.timeout.default", "4 m")
        .configurationParameter("junit.jupiter.execution.timeout.threaddump.enabled", "true")
        .build();
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
