package io.lvs4j.keepalived.keyword;

/**
 * The keywords of blocks that are left out as a whole; what is misspelt in them is told all the
 * same.
 */
final class OtherKeywords {
  private static final String WITH_ITS_BLOCK = "with its block";

  private OtherKeywords() {}

  private static BlockKeywords.Builder block(String name, String... words) {
    return BlockKeywords.named(name).notYet(WITH_ITS_BLOCK, words);
  }

  static final BlockKeywords TRACK_PROCESS =
      block(
              "vrrp_track_process",
              "process",
              "param_match",
              "weight",
              "quorum",
              "quorum_max",
              "fork_delay",
              "terminate_delay",
              "delay",
              "full_command")
          .build();

  static final BlockKeywords BFD_INSTANCE =
      block(
              "bfd_instance",
              "neighbor_ip",
              "neighbour_ip",
              "source_ip",
              "min_rx",
              "min_tx",
              "idle_tx",
              "multiplier",
              "passive",
              "ttl",
              "hoplimit",
              "max_hops",
              "weight",
              "vrrp",
              "checker")
          .build();

  static final BlockKeywords GARP_GROUP =
      block("garp_group", "garp_interval", "gna_interval", "interface")
          .notYetBlock(WITH_ITS_BLOCK, "interfaces")
          .build();

  static final BlockKeywords SSL =
      BlockKeywords.named("SSL").mapped("password", "ca", "certificate", "key").build();

  static final BlockKeywords BFD_CHECK = block("BFD_CHECK", "name").build();
}
