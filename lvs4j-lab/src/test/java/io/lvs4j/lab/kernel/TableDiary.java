package io.lvs4j.lab.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the table of a kernel was like at each hour of a day, written in the guest and read by the
 * host: a directory an hour, in it a file for each thing that is to be the same in another kernel.
 */
public final class TableDiary {
  private static final String DIRECTORY = "lvs4j.tables";
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String KERNEL = "kernel";

  /** Whose decisions the table follows. Each writes one diary, in a kernel of its own. */
  public enum Writer {
    KEEPALIVED("KeepalivedTableInKernel"),
    LVS4J("Lvs4jTableInKernel");

    private final String className;

    Writer(String className) {
      this.className = className;
    }

    /** Returns the simple name of the class of tests that writes it. */
    String className() {
      return className;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An hour of a day.
   *
   * @param kernel what no two boots of a kernel have in common
   * @param texts what is to be the same in both kernels, by what it is
   */
  record Page(String kernel, Map<String, String> texts) {}

  private final Path directory;
  private int hours;

  private TableDiary(Path directory) {
    this.directory = directory;
  }

  /** Opens the one of this guest. */
  public static TableDiary of(Writer writer) {
    var directory = System.getProperty(DIRECTORY);
    if (directory == null) {
      throw new IllegalStateException(DIRECTORY + ": not set (expected: a directory)");
    }
    return new TableDiary(Path.of(directory, writer.toString()));
  }

  static TableDiary of(Path all, Writer writer) {
    return new TableDiary(all.resolve(writer.toString()));
  }

  /** Returns the option that tells a guest's JVM where diaries are. */
  static String option(Path all) {
    return "-D" + DIRECTORY + "=" + all;
  }

  /** Adds an hour. */
  public void write(String hour, Map<String, String> texts) {
    try {
      write(hour, new Page(Files.readString(BOOT_ID).strip(), texts));
    } catch (IOException e) {
      throw new UncheckedIOException(BOOT_ID.toString(), e);
    }
  }

  void write(String hour, Page page) {
    hours++;
    var written = directory.resolve("%02d %s".formatted(hours, hour));
    try {
      Files.createDirectories(written);
      Files.writeString(written.resolve(KERNEL), page.kernel());
      for (var text : page.texts().entrySet()) {
        Files.writeString(written.resolve(text.getKey()), text.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(written.toString(), e);
    }
  }

  /** Returns the hours in their order; none when nothing was written. */
  Map<String, Page> read() {
    var pages = new TreeMap<String, Page>();
    if (Files.isDirectory(directory)) {
      for (var hour : list(directory)) {
        pages.put(hour.getFileName().toString(), page(hour));
      }
    }
    return pages;
  }

  private static Page page(Path hour) {
    var texts = new TreeMap<String, String>();
    for (var file : list(hour)) {
      try {
        texts.put(file.getFileName().toString(), Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(file.toString(), e);
      }
    }
    var kernel = texts.remove(KERNEL);
    return new Page(kernel == null ? "" : kernel, texts);
  }

  private static List<Path> list(Path directory) {
    try (var files = Files.list(directory)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(directory.toString(), e);
    }
  }
}
