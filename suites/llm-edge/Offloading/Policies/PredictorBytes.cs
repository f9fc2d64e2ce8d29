using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>Weights of a layer's predictor: those that serve all its neurons, and those of each neuron.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct PredictorBytes(long Shared, long Neuron);
