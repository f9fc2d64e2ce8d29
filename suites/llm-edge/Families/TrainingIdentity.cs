using System.Security.Cryptography;
using System.Text;
using Harness.Datasets;

namespace Suites.LlmEdge.Families;

/// <summary>Names weights that are kept in the cache by all that decides their bits.</summary>
static class TrainingIdentity
{
    /// <summary>A hash of 16 digits.</summary>
    /// <param name="recipe">Version of the recipe, configuration, seed, and what else decides, as canonical JSON.</param>
    /// <param name="append">Adds what training sees of a sample.</param>
    public static string Of<TSample>(string recipe, TrainingData<TSample> data, Action<IncrementalHash, TSample> append)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(recipe));
        foreach (var part in new[] { data.Training, data.Validation })
        {
            hash.AppendData(BitConverter.GetBytes(part.Count));
            foreach (var sample in part) append(hash, sample);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
