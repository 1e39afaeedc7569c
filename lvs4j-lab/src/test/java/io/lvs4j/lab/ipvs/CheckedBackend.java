package io.lvs4j.lab.ipvs;

/** Something that health checks look at, and that a test makes well or not. */
public interface CheckedBackend extends AutoCloseable {
  /** What it is like. */
  enum Mood {
    /** It answers as it should. */
    WELL,
    /** It is there, and answers something else. */
    WRONG,
    /** Nobody is there. */
    GONE
  }

  /** Makes it so. */
  void be(Mood mood);

  @Override
  void close();
}
