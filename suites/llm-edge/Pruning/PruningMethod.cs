namespace Suites.LlmEdge.Pruning;

/// <summary>
/// How a mask is made: at once, or from a first mask block by block, by annealing of the whole model of the loss or by its controls.
/// </summary>
public enum PruningMethod { None, Magnitude, Random, Wanda, SparseGpt, Swaps, Diagonal, Icbs }
