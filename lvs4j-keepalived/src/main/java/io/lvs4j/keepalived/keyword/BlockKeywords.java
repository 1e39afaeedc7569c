package io.lvs4j.keepalived.keyword;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keywords of one kind of block. */
public final class BlockKeywords {
  private final String name;
  private final Map<String, Keyword> keywords;

  private BlockKeywords(String name, Map<String, Keyword> keywords) {
    this.name = name;
    this.keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords));
  }

  static Builder named(String name) {
    return new Builder(name);
  }

  /** Returns what the block is called, such as {@code vrrp_instance}. */
  public String name() {
    return name;
  }

  /** Returns the keyword that is written so. */
  public Optional<Keyword> find(String written) {
    return Optional.ofNullable(keywords.get(written));
  }

  /** Returns all keywords. */
  public Collection<Keyword> all() {
    return keywords.values();
  }

  /** Collects the keywords of a block. */
  static final class Builder {
    private final String name;
    private final Map<String, Keyword> keywords = new LinkedHashMap<>();
    private String since = "";

    private Builder(String name) {
      this.name = name;
    }

    /** Says of the keywords that follow which version has them first. */
    Builder since(String version) {
      this.since = version;
      return this;
    }

    private Builder add(
        String word, String meaning, Treatment treatment, String why, boolean block) {
      if (keywords.put(word, new Keyword(word, meaning, treatment, why, block, since)) != null) {
        throw new IllegalStateException(name + ": " + word + " (expected: each keyword once)");
      }
      return this;
    }

    Builder mapped(String... words) {
      for (String word : words) {
        add(word, word, Treatment.MAPPED, "", false);
      }
      return this;
    }

    Builder mappedAs(String word, String why) {
      return add(word, word, Treatment.MAPPED, why, false);
    }

    Builder synonym(String word, String meaning) {
      return add(word, meaning, keyword(meaning).treatment(), "as " + meaning, false);
    }

    Builder block(String... words) {
      for (String word : words) {
        add(word, word, Treatment.MAPPED, "", true);
      }
      return this;
    }

    Builder blockAs(String word, String why) {
      return add(word, word, Treatment.MAPPED, why, true);
    }

    Builder ignored(String why, String... words) {
      return each(Treatment.IGNORED, why, false, words);
    }

    Builder ignoredBlock(String why, String... words) {
      return each(Treatment.IGNORED, why, true, words);
    }

    Builder notYet(String why, String... words) {
      return each(Treatment.NOT_YET, why, false, words);
    }

    Builder notYetBlock(String why, String... words) {
      return each(Treatment.NOT_YET, why, true, words);
    }

    Builder refused(String why, String... words) {
      return each(Treatment.REFUSED, why, false, words);
    }

    Builder refusedBlock(String why, String... words) {
      return each(Treatment.REFUSED, why, true, words);
    }

    private Builder each(Treatment treatment, String why, boolean block, String... words) {
      for (String word : words) {
        add(word, word, treatment, why, block);
      }
      return this;
    }

    private Keyword keyword(String word) {
      var keyword = keywords.get(word);
      if (keyword == null) {
        throw new IllegalStateException(name + ": " + word + " (expected: before its synonyms)");
      }
      return keyword;
    }

    BlockKeywords build() {
      return new BlockKeywords(name, keywords);
    }
  }

  /** Returns the names of all keywords. */
  public List<String> names() {
    return new ArrayList<>(keywords.keySet());
  }
}
