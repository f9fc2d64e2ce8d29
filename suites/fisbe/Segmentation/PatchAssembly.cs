using Suites.Fisbe.Learning;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>
/// Instances from patches, after PatchPerPix (Hirsch, Mais, Kainmueller, ECCV 2020) with the settings of its FlyLight experiments: patches
/// vote
/// on pairs of voxels, the patches that agree best cover the centreline of the foreground, and a mutex watershed joins patches whose
/// voxels belong together. An instance is the union of its patches, so instances may overlap. Joining patches across a crossing that is
/// wider than what they see is an addition of ours.
/// </summary>
sealed class PatchAssembly
{
    const float Inside = 0.5f;
    // The reference takes a random fifth of the pairs that two patches share; here all of them count a fifth.
    const float SharedPairWeight = 0.2f;
    const int Reach = 2;

    readonly VoxelField _field;
    readonly (int Z, int Y, int X)[] _offsets;
    readonly int _radius;
    readonly int[] _place;
    readonly ConsensusVotes _votes;

    PatchAssembly(VoxelField field, int radius)
    {
        (_field, _radius, _offsets, _place) = (field, radius, [.. Neighbours.Box(radius)], field.Places());
        _votes = new(field.Shape, field.Voxels, 2 * radius);
    }

    /// <param name="radius">Of a patch: relations of a voxel are given for the offsets of <see cref="Neighbours.Box"/>, in its
    /// order.</param>
    public static IReadOnlyList<Mask> Assemble(VoxelField field, int radius)
    {
        if (field.Voxels.Length == 0) return [];
        var assembly = new PatchAssembly(field, radius);
        int[] patches = [.. Enumerable.Range(0, field.Voxels.Length).Where(index => !field.Shared[index])];
        foreach (var patch in patches) assembly.Vote(patch);
        var scores = patches.ToDictionary(patch => patch, assembly.Score);
        int[] ranked = [.. patches.OrderByDescending(patch => scores[patch]).ThenBy(patch => patch)];
        return assembly.Join([.. assembly.ThinOut(assembly.Cover(ranked)).Union(assembly.Bridges(ranked)).Order()]);
    }

    /// <summary>The foreground voxels of a patch with what it says of them, without those that neurons share.</summary>
    List<(int Place, float Value)> Members(int patch)
    {
        var members = new List<(int, float)>();
        var relations = _field.RelationsOf(patch);
        for (var offset = 0; offset < _offsets.Length; offset++)
            if (Neighbours.At(_field.Shape, _field.Voxels[patch], _offsets[offset]) is var voxel and >= 0 && _place[voxel] is var place
                and >= 0
                && !_field.Shared[place]) members.Add((place, relations[offset]));
        return members;
    }

    void Vote(int patch) => EachPair(patch, (one, other, first, second) =>
    {
        // Probabilities of agreement and of disagreement, scaled so that the least counts nothing.
        var product = second > Inside ? first * second : first * (1 - second);
        var strength = (product - Inside * Inside) / (1 - Inside * Inside);
        _votes.Add(one, other, second > Inside ? strength : -strength);
    });

    /// <summary>How well a patch agrees with the votes of all.</summary>
    double Score(int patch)
    {
        var (sum, count) = (0.0, 0);
        EachPair(patch, (one, other, _, second) =>
        {
            sum += second > Inside ? _votes[one, other] : -_votes[one, other];
            count++;
        });
        return sum / Math.Max(1, count);
    }

    // Pairs of an inner voxel with any other one; two inner ones once.
    void EachPair(int patch, Action<int, int, float, float> visit)
    {
        var members = Members(patch);
        for (var one = 0; one < members.Count; one++)
        {
            if (members[one].Value <= Inside) continue;
            for (var other = 0; other < members.Count; other++)
                if (other != one && (other > one || members[other].Value <= Inside))
                    visit(members[one].Place, members[other].Place, members[one].Value, members[other].Value);
        }
    }

    /// <summary>The patches that, taken by rank, cover a centreline voxel that none before covers.</summary>
    List<int> Cover(IEnumerable<int> ranked)
    {
        var open = Centreline();
        return [.. ranked.Where(patch => open.RemoveWhere(Covered(patch).Contains) > 0)];
    }

    /// <summary>The largest first, until the centreline is covered as before.</summary>
    int[] ThinOut(List<int> patches)
    {
        var open = Centreline();
        var left = patches.ToDictionary(patch => patch, patch => Covered(patch).Where(open.Contains).ToHashSet());
        var chosen = new List<int>();
        while (left.Count > 0)
        {
            var best = left.MaxBy(entry => entry.Value.Count);
            if (best.Value.Count == 0) break;
            chosen.Add(best.Key);
            left.Remove(best.Key);
            foreach (var others in left.Values) others.ExceptWith(best.Value);
        }
        return [.. chosen];
    }

    /// <summary>Patches at the border of shared voxels that look into them: for each voxel of the border one that holds it too.</summary>
    IEnumerable<int> Bridges(IEnumerable<int> ranked)
    {
        var held = new HashSet<int>();
        foreach (var patch in ranked.Where(patch => !held.Contains(_field.Voxels[patch]) && TouchesShared(patch)))
        {
            var covered = Covered(patch);
            if (!covered.Any(voxel => _field.Shared[_place[voxel]])) continue;
            held.UnionWith(covered);
            yield return patch;
        }
    }

    bool TouchesShared(int patch) => Neighbours.All.Any(offset =>
        Neighbours.At(_field.Shape, _field.Voxels[patch], offset) is var voxel and >= 0 && _place[voxel] is var place and >= 0
        && _field.Shared[place]);

    HashSet<int> Centreline() => [.. Thinning.Skeleton(Mask.Of(_field.Voxels), _field.Shape)];

    HashSet<int> Covered(int patch)
    {
        var relations = _field.RelationsOf(patch);
        var covered = new HashSet<int>();
        for (var offset = 0; offset < _offsets.Length; offset++)
            if (relations[offset] > Inside && Neighbours.At(_field.Shape, _field.Voxels[patch], _offsets[offset]) is var voxel and >= 0
                && _place[voxel] >= 0) covered.Add(voxel);
        return covered;
    }

    IReadOnlyList<Mask> Join(int[] patches)
    {
        var inner = patches.Select(patch => Covered(patch).Select(voxel => _place[voxel]).Order().ToArray()).ToArray();
        var clusters = MutexWatershed.Cluster(patches.Length, Edges(patches, inner));
        return [.. Enumerable.Range(0, patches.Length).GroupBy(index => clusters[index])
            .Select(group => Mask.Of(group.SelectMany(index => inner[index]).Distinct().Order().Select(place => _field.Voxels[place])))];
    }

    IEnumerable<SignedEdge> Edges(int[] patches, int[][] inner)
    {
        var side = Reach * (2 * _radius + 1);
        for (var one = 0; one < patches.Length; one++)
            for (var other = one + 1; other < patches.Length; other++)
                if (Apart(patches[one], patches[other]) <= side && Affinity(patches[one], inner[one], patches[other],
                    inner[other]) is { } weight)
                    yield return new(one, other, weight);
    }

    int Apart(int one, int other)
    {
        var ((z0, y0, x0), (z1, y1, x1)) = (_field.Shape.Position(_field.Voxels[one]), _field.Shape.Position(_field.Voxels[other]));
        return Math.Max(Math.Abs(z0 - z1), Math.Max(Math.Abs(y0 - y1), Math.Abs(x0 - x1)));
    }

    /// <summary>Mean vote on pairs of voxels of both patches; where none of them was voted on, what patches say of a crossing.</summary>
    float? Affinity(int one, int[] ofOne, int other, int[] ofOther)
    {
        var (sum, count) = (0f, 0f);
        foreach (var first in ofOne)
            foreach (var second in ofOther)
            {
                if (first == second || !_votes.Knows(first, second)) continue;
                var weight = Within(first, other) && Within(second, one) ? SharedPairWeight : 1;
                (sum, count) = (sum + weight * _votes[first, second], count + weight);
            }
        return count == 0 ? Across(one, ofOne, other, ofOther) : sum / count;
    }

    // A crossing as wide as a patch hides each side of a neuron from the other: no patch holds voxels of both, so nobody votes. Two neurons
    // that cross do see each other beside the crossing, and vote against; so patches that only meet in shared voxels are of one neuron.
    float? Across(int one, int[] ofOne, int other, int[] ofOther)
    {
        int[] common = [.. ofOne.Intersect(ofOther).Where(place => _field.Shared[place])];
        if (common.Length == 0) return null;
        return common.Average(place => (Relation(one, place) * Relation(other, place) - Inside * Inside) / (1 - Inside * Inside));
    }

    /// <summary>What a patch says of a voxel it holds.</summary>
    float Relation(int patch, int place)
    {
        var (at, to) = (_field.Shape.Position(_field.Voxels[patch]), _field.Shape.Position(_field.Voxels[place]));
        var side = 2 * _radius + 1;
        return _field.RelationsOf(patch)[((to.Z - at.Z + _radius) * side + to.Y - at.Y + _radius) * side + to.X - at.X + _radius];
    }

    bool Within(int place, int patch) => Apart(place, patch) <= _radius;
}
