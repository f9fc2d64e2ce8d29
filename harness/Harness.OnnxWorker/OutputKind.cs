namespace Harness.OnnxWorker;

/// <summary>What the numbers of a network's output are.</summary>
public enum OutputKind { Logits, Probabilities }
