using System.Text.Json;

namespace Harness.Results;

/// <summary>Values as the stored files write them.</summary>
static class Words
{
    /// <summary>Purpose of a run that another tool measured.</summary>
    public const string Imported = "imported";

    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
