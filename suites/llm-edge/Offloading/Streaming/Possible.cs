using System.ComponentModel.DataAnnotations;

namespace Suites.LlmEdge.Offloading.Streaming;

static class Possible
{
    /// <exception cref="HarnessException">A value is outside what its attributes allow.</exception>
    public static void Check(object options)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new(options), problems, true)) throw new HarnessException(problems[0].ErrorMessage!);
    }
}
