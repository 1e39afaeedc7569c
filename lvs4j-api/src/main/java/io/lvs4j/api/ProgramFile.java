package io.lvs4j.api;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file of a program as this host has it: found as the kernel finds it, element by element and
 * through symbolic links, and looked at with the eyes of the one who is to run it.
 */
final class ProgramFile {
  private static final int TYPE = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int LINK = 0120000;
  private static final int SET_UID = 04000;
  private static final int SET_GID = 02000;
  private static final int STICKY = 01000;
  private static final int ANY_EXECUTE = 0111;
  private static final int GROUP_WRITE = 020;
  private static final int OTHERS_WRITE = 02;

  /** As many links as the kernel follows. */
  private static final int MOST_LINKS = 40;

  private static final String PATH_OF_NO_PATH = "/usr/local/bin:/usr/bin:/bin";

  private final Program program;
  private @Nullable Account account;
  private @Nullable Path path;
  private @Nullable String refusal;
  private boolean absent;
  private @Nullable String insecurity;

  private ProgramFile(Program program) {
    this.program = program;
  }

  static ProgramFile of(Program program) {
    var file = new ProgramFile(program);
    file.absent = true;
    try {
      file.look();
    } catch (NoSuchFileException _) {
      file.refusal = "no such file";
    } catch (AccessDeniedException denied) {
      file.refusal = denied.getMessage() + ": permission denied";
    } catch (IOException | NumberFormatException | UnsupportedOperationException wrong) {
      file.refusal = String.valueOf(wrong.getMessage());
    }
    file.absent &= file.refusal != null && file.account != null;
    return file;
  }

  /** Returns whether it is refused because it isn't there, or can't be executed. */
  boolean isAbsent() {
    return absent;
  }

  /** Returns why it isn't run; empty if it may be. */
  Optional<String> refusal() {
    var why =
        refusal != null || !program.isSecured()
            ? Optional.ofNullable(refusal)
            : insecurity().map(each -> each + " (expected: for a program of root, nobody else's)");
    return why.map(this::named);
  }

  /** A reason that is about a directory or a user says of which program too. */
  private String named(String why) {
    var name = program.command().isEmpty() ? "" : program.command().getFirst();
    return why.startsWith(name + ":") ? why : name + ": " + why;
  }

  /** Returns who else could change what root would run; empty if nobody could. */
  Optional<String> insecurity() {
    return Optional.ofNullable(insecurity);
  }

  /** Returns whom it is to be run as, once nothing refuses it. */
  Account account() {
    if (account == null) {
      throw new IllegalStateException(program + ": refused");
    }
    return account;
  }

  /** Returns where it is, once nothing refuses it. */
  Path path() {
    if (path == null) {
      throw new IllegalStateException(program + ": refused");
    }
    return path;
  }

  private void look() throws IOException {
    if (!program.problems().isEmpty()) {
      throw new IOException(program.problems().getFirst().toString());
    }
    var self = Account.self();
    var wanted = program.user().isPresent() ? Account.of(program.user().get()) : self;
    if (wanted.uid() == self.uid() && wanted.gid() == self.gid()) {
      wanted = self;
    } else if (!self.isSuperuser()) {
      throw new IOException(
          "can't run as " + program.user().orElse("") + " (expected: a JVM that is root)");
    } else if (RunningProgram.SETPRIV.isEmpty()) {
      throw new IOException(
          "can't run as " + program.user().orElse("") + " (expected: setpriv of util-linux)");
    }
    account = wanted;
    var found = find(program.command().getFirst());
    path = found;
    walk(found.toAbsolutePath(), wanted);
  }

  private static Path find(String name) throws IOException {
    if (name.contains("/")) {
      return Path.of(name);
    }
    var search = Optional.ofNullable(System.getenv("PATH")).orElse(PATH_OF_NO_PATH);
    for (var directory : search.split(File.pathSeparator, -1)) {
      var candidate = Path.of(directory.isEmpty() ? "." : directory, name);
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new IOException(name + ": not found in PATH");
  }

  private void walk(Path absolute, Account who) throws IOException {
    if (who.uid() < 0) {
      // Not a system of users and modes as Linux has them.
      if (!Files.isExecutable(absolute)) {
        throw new NoSuchFileException(absolute.toString());
      }
      return;
    }
    boolean root = who.isSuperuser() || who.gid() == 0;
    String exposed = null;
    var left = new ArrayDeque<Path>();
    absolute.forEach(left::add);
    var current = Path.of("/");
    var here = Element.of(current);
    exposed = first(exposed, here);
    int links = 0;
    while (!left.isEmpty()) {
      if (here.type() != DIRECTORY) {
        throw new IOException(current + ": not a directory");
      }
      if (!here.isExecutableFor(who)) {
        throw new IOException(current + ": permission denied for " + who.name());
      }
      var name = left.removeFirst().toString();
      if (name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        current = Optional.ofNullable(current.getParent()).orElse(current);
        here = Element.of(current);
        continue;
      }
      var next = current.resolve(name);
      var element = Element.of(next);
      exposed = first(exposed, element);
      if (element.type() == LINK) {
        if (++links > MOST_LINKS) {
          throw new FileSystemLoopException(absolute + ": too many symbolic links");
        }
        var target = Files.readSymbolicLink(next);
        if (target.isAbsolute()) {
          current = Path.of("/");
          here = Element.of(current);
        }
        prepend(left, target);
      } else {
        current = next;
        here = element;
      }
    }
    if (here.type() != REGULAR) {
      throw new IOException(current + ": not a regular file");
    }
    if (!here.isExecutableFor(who)) {
      throw new IOException(current + ": not executable for " + who.name());
    }
    if (root || here.isSetRoot()) {
      insecurity = exposed;
    }
  }

  private static void prepend(ArrayDeque<Path> left, Path target) {
    for (int i = target.getNameCount() - 1; i >= 0; i--) {
      left.addFirst(target.getName(i));
    }
  }

  private static @Nullable String first(@Nullable String before, Element element) {
    return before != null ? before : element.exposure();
  }

  /** One element of a path, itself and not what a link points to. */
  private record Element(Path path, int uid, int gid, int mode) {
    static Element of(Path path) throws IOException {
      Map<String, Object> found =
          Files.readAttributes(path, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
      return new Element(path, number(found, "uid"), number(found, "gid"), number(found, "mode"));
    }

    private static int number(Map<String, Object> attributes, String name) throws IOException {
      if (attributes.get(name) instanceof Integer number) {
        return number;
      }
      throw new IOException("no " + name);
    }

    int type() {
      return mode & TYPE;
    }

    boolean isExecutableFor(Account who) {
      if (who.isSuperuser()) {
        return type() == DIRECTORY || (mode & ANY_EXECUTE) != 0;
      }
      int shift = who.uid() == uid ? 6 : who.groups().contains(gid) ? 3 : 0;
      return (mode >> shift & 1) != 0;
    }

    boolean isSetRoot() {
      return ((mode & SET_UID) != 0 && uid == 0) || ((mode & SET_GID) != 0 && gid == 0);
    }

    /** Returns who besides root could put something else in its place. */
    @Nullable String exposure() {
      if (uid != 0) {
        return path + ": belongs to user " + uid;
      }
      if (type() == LINK) {
        return null;
      }
      if ((mode & GROUP_WRITE) != 0 && gid != 0) {
        return path + ": writable by group " + gid;
      }
      boolean sticky = type() == DIRECTORY && (mode & STICKY) != 0;
      return (mode & OTHERS_WRITE) != 0 && !sticky ? path + ": writable by others" : null;
    }
  }
}
