package io.lvs4j.lab.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;

/** The project's compiled code, tests aside, and the names of its parts. */
final class Code {
  static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.lvs4j")
          .that(DescribedPredicate.describe("are not package-info", Code::isReal));

  /** No sockets, no threads, no clock and no dice of their own. */
  static final String[] PURE = {
    "io.lvs4j.api..",
    "io.lvs4j.core.scheduler..",
    "io.lvs4j.health.verdict..",
    "io.lvs4j.ipvs.wire..",
    "io.lvs4j.vrrp.machine..",
    "io.lvs4j.vrrp.wire.."
  };

  static final String[] WITH_NETTY = {"io.lvs4j.core.proxy..", "io.lvs4j.health.probe.."};

  static final String[] WITH_SPRING = {"io.lvs4j.spring..", "io.lvs4j.examples.spring.."};

  static final String CORE = "io.lvs4j.core..";

  /** Where the figures of core are put into a registry: of an application, not of the library. */
  static final String[] REGISTRIES = {"io.lvs4j.run.admin..", "io.lvs4j.spring.."};

  static final String LINUX = "io.lvs4j.linux..";

  static final String ENGINE = "io.lvs4j.core.engine..";

  /** Which other modules a library module may know, by the first package below io.lvs4j. */
  static final Map<String, Set<String>> KNOWN_TO =
      Map.of(
          "api", Set.of(),
          "vrrp", Set.of("api"),
          "health", Set.of("api"),
          "linux", Set.of("api"),
          "keepalived", Set.of("api"),
          "core", Set.of("api", "vrrp", "health"),
          "ipvs", Set.of("api", "linux"),
          "ebpf", Set.of("api", "linux"));

  /** Parts that rules speak of and that have no code yet; a name leaves when its code comes. */
  static final Set<String> NOT_YET = Set.of("io.lvs4j.ebpf..", "io.lvs4j.examples.spring..");

  private Code() {}

  static String module(String name) {
    return "io.lvs4j." + name + "..";
  }

  static String[] libraryModules() {
    return KNOWN_TO.keySet().stream().map(Code::module).toArray(String[]::new);
  }

  private static boolean isReal(JavaClass type) {
    return !type.getSimpleName().equals("package-info");
  }
}
