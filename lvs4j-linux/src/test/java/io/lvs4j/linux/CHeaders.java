package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compares constants of ours with what the C headers of this machine say, by a small program. */
public final class CHeaders {
  private final Map<String, Long> ours = new LinkedHashMap<>();
  private final StringBuilder program = new StringBuilder(HEAD);

  /**
   * Adds the int constants of a class.
   *
   * @param expressions their C expressions by name, where that isn't the name itself; an empty one
   *     leaves a constant out
   */
  public CHeaders compare(Class<?> constants, Map<String, String> expressions)
      throws IllegalAccessException {
    for (Field field : constants.getDeclaredFields()) {
      String expression = expressions.getOrDefault(field.getName(), field.getName());
      if (field.getType() != int.class || field.isSynthetic() || expression.isEmpty()) {
        continue;
      }
      if (!Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      field.setAccessible(true);
      String name = constants.getSimpleName() + "." + field.getName();
      ours.put(name, (long) field.getInt(null));
      program.append("printf(\"%s %%ld\\n\", (long) (%s));\n".formatted(name, expression));
    }
    return this;
  }

  /** Compiles, runs and compares; skips the test where there is no gcc. */
  public void agree(Path directory, int least) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "there is no gcc");
    var source = Files.writeString(directory.resolve("headers.c"), program + "return 0; }\n");
    var binary = directory.resolve("headers");
    run("gcc", "-o", binary.toString(), source.toString());
    var theirs = new LinkedHashMap<String, Long>();
    for (String line : run(binary.toString()).split("\n")) {
      theirs.put(line.split(" ")[0], Long.valueOf(line.split(" ")[1]));
    }
    assertThat(theirs).isEqualTo(ours);
    assertThat(ours).hasSizeGreaterThanOrEqualTo(least);
  }

  private static String run(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static final String HEAD =
      """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <linux/filter.h>
      #include <linux/if_ether.h>
      #include <linux/if_packet.h>
      #include <linux/if_tun.h>
      #include <linux/netlink.h>
      #include <linux/rtnetlink.h>
      #include <net/if.h>
      #include <net/if_arp.h>
      #include <netinet/in.h>
      #include <poll.h>
      #include <sched.h>
      #include <stddef.h>
      #include <stdio.h>
      #include <sys/eventfd.h>
      #include <sys/ioctl.h>
      #include <sys/socket.h>
      #include <sys/time.h>
      #include <sys/uio.h>
      #ifndef IPV6_MULTICAST_ALL
      #define IPV6_MULTICAST_ALL 29
      #endif
      int main(void) {
      """;
}
