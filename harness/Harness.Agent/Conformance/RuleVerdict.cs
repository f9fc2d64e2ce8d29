namespace Harness.Agent.Conformance;

/// <summary>Untested is a rule that the trial at hand gave no occasion to test.</summary>
public enum Verdict { Kept, Broken, Untested }

/// <summary>One rule of the worker protocol, and whether a worker keeps it.</summary>
/// <param name="Rule">A short name.</param>
/// <param name="Detail">What was seen, and for a broken rule what was expected.</param>
public sealed record RuleVerdict(string Rule, Verdict Verdict, string Detail);
