package io.lvs4j.lab.kernel;

import io.lvs4j.lab.kernel.Journal.Entry;
import io.lvs4j.lab.kernel.Journal.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Takes down in the journal what JUnit tells of, each test with what it printed. */
final class JournalListener implements TestExecutionListener {
  private final Journal journal;
  private final Printed printed = Printed.fromNowOn();
  private final Map<String, Long> begun = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private @Nullable TestPlan plan;

  JournalListener(Journal journal) {
    this.journal = journal;
  }

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    this.plan = plan;
    for (var root : plan.getRoots()) {
      plan.getDescendants(root).stream()
          .filter(TestIdentifier::isTest)
          .forEach(test -> write(test, Verdict.FOUND, ""));
    }
  }

  @Override
  public void dynamicTestRegistered(TestIdentifier test) {
    if (test.isTest()) {
      write(test, Verdict.FOUND, "");
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    begun.put(test.getUniqueId(), System.nanoTime());
    if (test.isTest()) {
      printed.clear();
      System.out.println("guest: " + name(test));
      write(test, Verdict.BEGUN, "");
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    end(test, Verdict.SKIPPED, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    var thrown = result.getThrowable().map(JournalListener::trace).orElse("");
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          end(test, Verdict.PASSED, "");
        }
      }
      case ABORTED ->
          end(
              test,
              Verdict.SKIPPED,
              result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
      case FAILED -> end(test, Verdict.FAILED, thrown + "\nprinted meanwhile:\n" + printed.text());
    }
  }

  // What becomes of a class before its tests have run becomes of all of them.
  private void end(TestIdentifier test, Verdict verdict, String text) {
    if (test.isTest()) {
      if (ended.add(test.getUniqueId())) {
        write(test, verdict, text);
      }
      return;
    }
    boolean any = false;
    for (var within : plan == null ? Set.<TestIdentifier>of() : plan.getDescendants(test)) {
      if (within.isTest() && ended.add(within.getUniqueId())) {
        write(within, verdict, text);
        any = true;
      }
    }
    if (!any && verdict == Verdict.FAILED) {
      write(test, verdict, text);
    }
  }

  private void write(TestIdentifier test, Verdict verdict, String text) {
    long now = System.nanoTime();
    var took = Duration.ofNanos(now - begun.getOrDefault(test.getUniqueId(), now));
    journal.add(test.getUniqueId(), new Entry(name(test), verdict, took, text));
  }

  private static String name(TestIdentifier test) {
    return switch (test.getSource().orElse(null)) {
      case MethodSource method -> {
        var plain = method.getMethodName() + "()";
        var simple = method.getJavaClass().getSimpleName() + "." + method.getMethodName();
        // A test with arguments is displayed as its number and these.
        yield test.getDisplayName().equals(plain)
                || test.getDisplayName().startsWith(method.getMethodName() + "(")
            ? simple
            : simple + " " + test.getDisplayName();
      }
      case ClassSource type -> type.getJavaClass().getSimpleName() + ".*";
      case null, default -> "guest." + test.getDisplayName();
    };
  }

  private static String trace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
