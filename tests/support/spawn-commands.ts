/** The commands of the program, in the order of its help. */
export const commandNames = ['serve', 'demo', 'sandbox', 'doctor', 'build-database', 'check-database'];
