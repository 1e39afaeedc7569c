/**
 * System calls: {@link io.lvs4j.linux.kernel.Kernel} is every call that lvs4j makes, {@link
 * io.lvs4j.linux.kernel.NativeKernel} makes them, a function stands in for it in tests. {@link
 * io.lvs4j.linux.kernel.Descriptor} owns what they open.
 */
@NullMarked
package io.lvs4j.linux.kernel;

import org.jspecify.annotations.NullMarked;
