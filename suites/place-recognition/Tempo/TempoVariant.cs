namespace Suites.PlaceRecognition.Tempo;

/// <summary>Where the published code differs from what the paper describes.</summary>
public enum TempoVariant
{
    /// <summary>Thresholds follow spikes minus target rates; a query passes thresholds and bounds as training does.</summary>
    Paper,
    /// <summary>
    /// What thresholds follow is never filled in, so that they fall to 0; a query passes both matrices, nothing being between them.
    /// </summary>
    Code,
}
