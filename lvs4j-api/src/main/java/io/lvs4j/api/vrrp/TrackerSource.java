package io.lvs4j.api.vrrp;

import io.lvs4j.api.Program;
import io.lvs4j.api.VirtualServerId;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What a {@link Tracker} looks at. */
public sealed interface TrackerSource {

  /**
   * A network interface: good while it is up and has a carrier.
   *
   * @param name such as {@code eth1}
   */
  record NetworkInterface(String name) implements TrackerSource {
    /** Checks that there is a name. */
    public NetworkInterface {
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * The quorum of virtual servers of the director that runs the instance: good while they have it.
   *
   * @param virtualServer which one; empty for all of them
   */
  record Quorum(Optional<VirtualServerId> virtualServer) implements TrackerSource {
    /** Checks that nothing is missing. */
    public Quorum {
      Objects.requireNonNull(virtualServer, "virtualServer");
    }
  }

  /**
   * A question asked in Java: good while the answer is true; an exception counts as false.
   *
   * @param question what to ask; called on a thread where it may block
   */
  record Check(BooleanSupplier question) implements TrackerSource {
    /** Checks that there is a question. */
    public Check {
      Objects.requireNonNull(question, "question");
    }
  }

  /**
   * A number from Java that is multiplied by the weight and added to the priority.
   *
   * @param number where it comes from; called on a thread where it may block
   */
  record Offset(IntSupplier number) implements TrackerSource {
    /** Checks that there is a number. */
    public Offset {
      Objects.requireNonNull(number, "number");
    }
  }

  /**
   * A program: good while it ends with status 0.
   *
   * @param program the program and its arguments, and whom it runs as; no shell is involved
   */
  record Script(Program program) implements TrackerSource {
    /** Checks that there is a program. */
    public Script {
      Objects.requireNonNull(program, "program");
    }
  }

  /**
   * A file that holds a number, which is multiplied by the weight and added to the priority.
   *
   * @param path where it is; a file that is missing or holds no number counts as 0
   */
  record File(Path path) implements TrackerSource {
    /** Checks that there is a path. */
    public File {
      Objects.requireNonNull(path, "path");
    }
  }
}
