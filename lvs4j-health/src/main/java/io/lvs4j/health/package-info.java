/**
 * Health checks of real servers: {@link io.lvs4j.health.HealthMonitor} makes them, and tells who
 * asked when a server goes up or down.
 */
@NullMarked
package io.lvs4j.health;

import org.jspecify.annotations.NullMarked;
