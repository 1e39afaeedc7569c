package io.lvs4j.lab.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom: the rules of docs/architecture.md, each a sentence. */
class ArchitectureTest {
  private static final Set<String> EMPTY_WORDS =
      Set.of("util", "utils", "common", "impl", "helper", "manager", "misc");
  private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])");

  @Test
  void everyPartThatARuleSpeaksOfHasCodeOrIsListedAsNotYet() {
    var named = new TreeSet<String>();
    named.addAll(List.of(Code.PURE));
    named.addAll(List.of(Code.WITH_NETTY));
    named.addAll(List.of(Code.WITH_SPRING));
    named.addAll(List.of(Code.REGISTRIES));
    named.addAll(List.of(Code.CORE, Code.LINUX, Code.ENGINE));
    named.addAll(List.of(Code.libraryModules()));
    named.removeIf(part -> !Code.ALL.that(resideInAPackage(part)).isEmpty());
    assertThat(named).containsExactlyInAnyOrderElementsOf(Code.NOT_YET);
  }

  @Test
  void pureCodeHasNoSocketsAndNoThreads() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(Code.PURE)
            .should()
            .dependOnClassesThat(Calls.socketsOrThreads()));
  }

  @Test
  void pureCodeIsToldTheTime() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(Code.PURE)
            .should()
            .accessTargetWhere(Calls.readingAClock()));
  }

  @Test
  void pureCodeIsGivenItsRandomness() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(Code.PURE)
            .should()
            .accessTargetWhere(Calls.seedingThemselves()));
  }

  @Test
  void theApiNeedsNothingButTheJdk() {
    check(
        classes()
            .that()
            .resideInAPackage("io.lvs4j.api..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.lvs4j.api..", "java..", "org.jspecify.."));
  }

  @Test
  void nativeCodeIsCalledInOnePlace() {
    check(only(Code.LINUX).use("java.lang.foreign.."));
  }

  @Test
  void nettyStaysInTheProxyAndTheProbes() {
    check(only(Code.WITH_NETTY).use("io.netty.."));
  }

  @Test
  void caffeineAndMicrometerStayInCore() {
    check(only(Code.CORE).use("com.github.benmanes.caffeine.."));
    var withMeters = Stream.concat(Stream.of(Code.CORE), Stream.of(Code.REGISTRIES));
    check(only(withMeters.toArray(String[]::new)).use("io.micrometer.."));
  }

  @Test
  void springStaysInTheStarterAndItsExample() {
    check(only(Code.WITH_SPRING).use("org.springframework.."));
  }

  static Stream<String> modules() {
    return Code.KNOWN_TO.keySet().stream()
        .filter(module -> !Code.NOT_YET.contains(Code.module(module)))
        .sorted();
  }

  /** So core never names linux, ipvs or ebpf: they come to it through ports. */
  @ParameterizedTest
  @MethodSource("modules")
  void aModuleKnowsOnlyThoseBelowIt(String module) {
    String[] known =
        Stream.concat(Stream.of(module), Code.KNOWN_TO.get(module).stream())
            .map(Code::module)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(Code.module(module))
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.lvs4j..").and(not(resideInAnyPackage(known)))));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("io.lvs4j.(**)").should().beFreeOfCycles());
  }

  @Test
  void namesSayWhatAThingIs() {
    check(classes().should(haveNoEmptyWordInTheirName()));
  }

  @Test
  void nothingBlocksOnTheEngineThread() {
    check(
        noClasses()
            .that()
            .resideInAPackage(Code.ENGINE)
            .should()
            .accessTargetWhere(Calls.blocking())
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "java.nio.channels..", "java.nio.file.."));
  }

  @Test
  void nothingElseTouchesTheStateOfTheEngine() {
    check(
        fields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(Code.ENGINE)
            .and()
            .doNotHaveModifier(JavaModifier.STATIC)
            .should()
            .notBePublic()
            .andShould()
            .notBeProtected());
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(Code.CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(Code.ENGINE));
  }

  @Test
  void nothingSleeps() {
    check(noClasses().should().accessTargetWhere(Calls.sleeping()));
  }

  @Test
  void theLibraryLogsThroughTheJdkAndNeverPrints() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(Code.libraryModules())
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.."));
  }

  private static void check(ArchRule rule) {
    rule.check(Code.ALL);
  }

  private record Place(String... packages) {
    ArchRule use(String... libraries) {
      return noClasses()
          .that()
          .resideOutsideOfPackages(packages)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(libraries);
    }
  }

  private static Place only(String... packages) {
    return new Place(packages);
  }

  private static ArchCondition<JavaClass> haveNoEmptyWordInTheirName() {
    return new ArchCondition<>("have no word in their name that says nothing") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Stream.concat(
                Arrays.stream(type.getPackageName().split("\\.", -1)),
                WORD.matcher(type.getSimpleName()).results().map(match -> match.group()))
            .map(word -> word.toLowerCase(Locale.ROOT))
            .filter(EMPTY_WORDS::contains)
            .forEach(word ->
                events.add(SimpleConditionEvent.violated(type, type.getName() + ": " + word)));
      }
    };
  }
}
