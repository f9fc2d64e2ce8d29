namespace Harness.Datasets.Images;

/// <summary>
/// <c>numpy.random.RandomState(seed).permutation(count)</c>: the Mersenne Twister (Matsumoto and Nishimura 1998) and a backwards shuffle
/// whose draws are masked and rejected. Published permutations are given this way.
/// </summary>
static class NumpyPermutation
{
    const int Size = 624;
    const int Shift = 397;

    public static int[] Of(uint seed, int count)
    {
        var draw = Draws(seed).GetEnumerator();
        var permutation = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount((uint)i);
            uint j;
            do
            {
                draw.MoveNext();
                j = draw.Current & mask;
            }
            while (j > i);
            (permutation[i], permutation[j]) = (permutation[j], permutation[i]);
        }
        return permutation;
    }

    static IEnumerable<uint> Draws(uint seed)
    {
        var state = new uint[Size];
        state[0] = seed;
        for (var i = 1u; i < Size; i++) state[i] = 1812433253u * (state[i - 1] ^ state[i - 1] >> 30) + i;
        while (true)
        {
            for (var i = 0; i < Size; i++)
            {
                var word = state[i] & 0x80000000 | state[(i + 1) % Size] & 0x7FFFFFFF;
                state[i] = state[(i + Shift) % Size] ^ word >> 1 ^ ((word & 1) != 0 ? 0x9908B0DF : 0);
            }
            foreach (var word in state)
            {
                var tempered = word ^ word >> 11;
                tempered ^= tempered << 7 & 0x9D2C5680;
                tempered ^= tempered << 15 & 0xEFC60000;
                yield return tempered ^ tempered >> 18;
            }
        }
    }
}
