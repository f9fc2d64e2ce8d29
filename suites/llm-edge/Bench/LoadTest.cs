namespace Suites.LlmEdge.Bench;

/// <summary>A load for a server of one decoder, which answers queries one after another in the order in which they came.</summary>
/// <param name="Prompt">Tokens of a query.</param>
/// <param name="Generate">Tokens of an answer.</param>
/// <param name="Rate">Mean number of queries that come in a second; of <see cref="LoadScenario.Server"/> only.</param>
/// <param name="Seed">Decides when queries come and what they are.</param>
public sealed record LoadTest(LoadScenario Scenario, int Queries, int Prompt, int Generate, double Rate = 0, int Seed = 1)
{
    /// <summary>What is wrong with it, or null.</summary>
    public string? ProblemOrNull() => this switch
    {
        { Queries: < 1 } => $"A load of {Queries} queries asks nothing; give at least 1.",
        { Prompt: < 1 } => $"A query of {Prompt} tokens asks nothing; give at least 1.",
        { Generate: < 1 } => $"An answer of {Generate} tokens says nothing; give at least 1.",
        { Scenario: LoadScenario.Server } when !(double.IsFinite(Rate) && Rate > 0) =>
            $"Queries come to a server at {Rate} a second; give a rate above 0.",
        _ => null,
    };
}
