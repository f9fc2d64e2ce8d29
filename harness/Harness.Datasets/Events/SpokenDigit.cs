using Harness.Datasets.Formats;

namespace Harness.Datasets.Events;

/// <summary>One spoken digit before it is heard.</summary>
/// <param name="Label">Class: 0-9 English, 10-19 German.</param>
/// <param name="Take">Which of the speaker's recordings of this class.</param>
sealed record SpokenDigit(int Label, int Speaker, int Take, Func<Wave> Sound);

/// <summary>A collection of spoken digits: who speaks, and every recording in a fixed order.</summary>
/// <param name="Genders">Indexed by speaker.</param>
sealed record SpokenDigits(IReadOnlyList<string> Genders, IReadOnlyList<SpokenDigit> Recordings);
