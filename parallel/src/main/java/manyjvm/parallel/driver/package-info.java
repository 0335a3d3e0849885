/**
 * The driver's side: one loop that owns the tasks and the workers, from their start to their death. Made by {@link
 * manyjvm.parallel.driver.Driver}; {@link manyjvm.parallel.driver.PoolWork} deals the tasks out, {@link
 * manyjvm.parallel.driver.Worker} is one worker as seen from here.
 */
package manyjvm.parallel.driver;
